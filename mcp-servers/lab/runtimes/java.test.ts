import { describe, expect, it } from 'vitest';
import { javaRuntime } from './java.ts';
import type { Found } from './runtime.ts';
import { viewOf } from './view.harness.ts';

const sh = (line: string) => ['/bin/sh', '-c', line];

describe('the java runtime', () => {
  it.each<[string, Readonly<Record<string, string>>, Found]>([
    [
      'one Java file',
      { 'Main.java': 'class Main { public static void main(String[] a) {} }' },
      { start: ['java', 'Main.java'] },
    ],
    ['a jbang script', { 'x.java': '//DEPS a:b:1\nvoid main() {}' }, { start: ['jbang', 'run', 'x.java'] }],
    [
      'Camel routes',
      { 'hello.camel.yaml': '', 'application.properties': '' },
      {
        start: sh(
          "exec jbang camel@apache/camel run --port=$PORT 'application.properties' 'hello.camel.yaml'",
        ),
      },
    ],
  ])('LAB-2: sees %s', async (_, files, expected) => {
    const none = { install: [], build: [], reuse: null };
    expect({ ...none, ...(await javaRuntime.detect(viewOf(files))) }).toEqual({ ...none, ...expected });
  });

  it.each<[Readonly<Record<string, string>>]>([[{ 'pom.xml': '' }], [{ 'Lib.java': 'class Lib {}' }]])(
    'LAB-2: %j is none',
    async (files) => {
      expect(await javaRuntime.detect(viewOf(files))).toBeNull();
    },
  );

  it('LAB-2: jbang where it is', async () => {
    const found = await javaRuntime.detect(viewOf({ 'A.java': 'void main() {}' }, ['jbang']));
    expect(found).toEqual({ start: ['jbang', 'run', 'A.java'] });
  });
});
