import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { argumentsOf, parseFrontdeskYaml, readFrontdeskYaml, showArguments } from './frontdesk-yaml.ts';

const example = `
runtime: node
install: npm ci
build: false
start: [node, server.js]
port: 3000
health: /healthz
env: { LOG_LEVEL: debug, RETRIES: 3, FAST: true }
memoryMb: 256
tests: { unit: npm test, integration: [npm, run, 'test:int'], acceptance: false }
testOnDeploy: true
`;

describe('.frontdesk.yaml', () => {
  it('LAB-2: says how a repository is run and tested', () => {
    expect(parseFrontdeskYaml(example)).toEqual({
      ok: true,
      settings: {
        runtime: 'node',
        install: 'npm ci',
        build: false,
        start: ['node', 'server.js'],
        port: 3000,
        health: '/healthz',
        env: { LOG_LEVEL: 'debug', RETRIES: '3', FAST: 'true' },
        memoryMb: 256,
        tests: { unit: 'npm test', integration: ['npm', 'run', 'test:int'], acceptance: false },
        testOnDeploy: true,
      },
    });
  });

  it('LAB-2: names every field that is wrong, and none twice', () => {
    const read = parseFrontdeskYaml('port: 80\nhealth: ok\nmemory: 5\nenv: { A-B: x }');
    expect(read).toMatchObject({ ok: false });
    const { problem } = read as { problem: string };
    expect(problem).toMatch(/port: .*1024/);
    expect(problem).toContain('health: must begin with /');
    expect(problem).toContain('env.A-B');
    expect(problem).toContain('memory');
  });

  it.each([['start: [a'], ['- a\n- b'], ['a: &a [*a]']])('LAB-2: %j is refused in words', (text) => {
    expect(parseFrontdeskYaml(text)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('.frontdesk.yaml'),
    });
  });

  it('LAB-2: no file and an empty file set nothing', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'yaml-'));
    expect(await readFrontdeskYaml(folder)).toEqual({ ok: true, settings: {} });
    await writeFile(path.join(folder, '.frontdesk.yaml'), '# nothing yet\n');
    expect(await readFrontdeskYaml(folder)).toEqual({ ok: true, settings: {} });
    await rm(folder, { recursive: true });
  });

  it('LAB-2: a line goes through the shell, a list does not; both are shown as typed', () => {
    expect(argumentsOf('npm ci && npm run build')).toEqual(['/bin/sh', '-c', 'npm ci && npm run build']);
    expect(argumentsOf(false)).toEqual([]);
    expect(showArguments(argumentsOf('a && b'))).toBe('a && b');
    expect(showArguments(argumentsOf(['node', '-e', "it's"]))).toBe(String.raw`node -e 'it'\''s'`);
  });
});
