import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newRecord } from './record.ts';
import { createPlanner } from './plan.ts';

type Files = Readonly<Record<string, string>>;

async function write(files: Files): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plan-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** Only what is not the default. */
async function planOf(files: Files, programs: readonly string[] = []) {
  const folder = await write(files);
  const plan = createPlanner({
    repositoriesOf: async () => [{ repository: 'app', folder }],
    has: (program) => programs.includes(program),
  });
  const defaults = {
    install: [],
    reuse: null,
    build: [],
    serve: null,
    port: null,
    health: '/',
    env: {},
    readySeconds: null,
    memoryMb: 512,
  };
  const { repository: _, folder: __, ...found } = await plan('shop', undefined, null);
  return Object.fromEntries(
    Object.entries(found).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key as keyof typeof defaults]),
    ),
  );
}

const pack = (o: object) => ({ 'package.json': JSON.stringify(o) });
const sh = (line: string) => ['/bin/sh', '-c', line];

describe('how a repository is run', () => {
  it('LAB-2: .frontdesk.yaml counts before what is seen', async () => {
    const yaml =
      'runtime: node\ninstall: make deps\nbuild: false\nstart: make run\nport: 4000\nhealth: /up\nreadySeconds: 20\nenv: { A: 1 }\nmemoryMb: 64\n';
    const files = {
      ...pack({ scripts: { start: 'x', build: 'y' }, dependencies: { a: '1' } }),
      '.frontdesk.yaml': yaml,
    };
    expect(await planOf(files)).toEqual({
      runtime: 'node',
      install: sh('make deps'),
      start: sh('make run'),
      port: 4000,
      health: '/up',
      env: { A: '1' },
      readySeconds: 20,
      memoryMb: 64,
    });
    expect(await planOf({ 'x.txt': '', '.frontdesk.yaml': 'start: ./run\n' })).toEqual({
      runtime: 'custom',
      start: sh('./run'),
    });
    expect(await planOf({ '.frontdesk.yaml': 'runtime: static\nbuild: make\nserve: out\n' })).toEqual({
      runtime: 'static',
      start: [],
      build: sh('make'),
      serve: 'out',
    });
  });

  it.each<[Files, string]>([
    [{ 'README.md': '' }, 'app does not show how it is started.'],
    [{ '.frontdesk.yaml': 'port: no\n' }, 'app: .frontdesk.yaml: port: '],
    [{ 'server.js': '', '.frontdesk.yaml': 'start: false\n' }, 'says that nothing is started'],
    [{ '.frontdesk.yaml': 'serve: ../x\n' }, 'must be a folder inside the repository'],
    [{ 'package.json': '{' }, 'does not show'],
  ])('LAB-2: %j is refused in words', async (files, words) => {
    await expect(planOf(files)).rejects.toMatchObject({
      code: 'lab_unsupported',
      detail: expect.stringContaining(words),
    });
  });

  it('LAB-2: of several repositories, the one that can be run, the one named, or the one of before', async () => {
    const all = [
      { repository: 'api', folder: await write({ 'server.js': '' }) },
      { repository: 'docs', folder: await write({ 'README.md': '' }) },
    ];
    const plan = createPlanner({ repositoriesOf: async () => all, has: () => false });
    expect(await plan('shop', undefined, null)).toMatchObject({ repository: 'api' });
    await expect(plan('shop', 'docs', null)).rejects.toMatchObject({ code: 'lab_unsupported' });
    await expect(plan('shop', 'nope', null)).rejects.toThrow('it has api, docs');
    all.push({ repository: 'web', folder: await write({ 'index.html': '' }) });
    await expect(plan('shop', undefined, null)).rejects.toThrow('Several can be run: api, web.');
    const { deployment } = newRecord({
      id: 'd1',
      workspace: 'shop',
      repository: 'web',
      target: 'local',
      runtime: 'static',
      by: '',
      ref: null,
      startedAt: 0,
    });
    expect(await plan('shop', undefined, deployment)).toMatchObject({ repository: 'web', runtime: 'static' });
  });
});
