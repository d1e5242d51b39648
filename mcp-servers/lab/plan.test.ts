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
const env = { PYTHONUNBUFFERED: '1', PYTHONPATH: '.deps' };
const pip = ['python3', '-m', 'pip', 'install', '--no-input', '--target', '.deps'];

describe('how a repository is run', () => {
  it.each<[string, Files, object]>([
    [
      'a plain start script without npm between',
      pack({ scripts: { start: 'node --enable-source-maps src/x.js' } }),
      { runtime: 'node', start: ['node', '--enable-source-maps', 'src/x.js'] },
    ],
    [
      'any other start script by npm',
      pack({ scripts: { start: 'next start -p $PORT' } }),
      { runtime: 'node', start: ['npm', 'start'] },
    ],
    [
      'main',
      { ...pack({ main: './src/app.js' }), 'src/app.js': '' },
      { runtime: 'node', start: ['node', './src/app.js'] },
    ],
    ['a file called server.js', { 'server.js': '' }, { runtime: 'node', start: ['node', 'server.js'] }],
    [
      'what it needs, from its lock file, and its build',
      {
        ...pack({ scripts: { start: 'node .', build: 'tsc' }, dependencies: { a: '1' } }),
        'package-lock.json': '{}',
        '.npmrc': '',
      },
      {
        runtime: 'node',
        start: ['node', '.'],
        build: ['npm', 'run', 'build'],
        install: ['npm', 'ci', '--no-audit', '--no-fund'],
        reuse: { folder: 'node_modules', from: ['package.json', 'package-lock.json', '.npmrc'] },
      },
    ],
    [
      'an install that runs scripts of its own each time',
      {
        ...pack({ scripts: { start: 'node .', prepare: 'tsc' }, dependencies: { a: '1' } }),
        'package-lock.json': '{}',
      },
      { runtime: 'node', start: ['node', '.'], install: ['npm', 'ci', '--no-audit', '--no-fund'] },
    ],
    [
      'other package managers by their lock file',
      { ...pack({ scripts: { start: 'node .' }, dependencies: { a: '1' } }), 'pnpm-lock.yaml': '' },
      { runtime: 'node', start: ['node', '.'], install: ['pnpm', 'install', '--frozen-lockfile'] },
    ],
    [
      'a plain Python file',
      { 'main.py': 'print(1)' },
      { runtime: 'python', start: ['python3', 'main.py'], env },
    ],
    [
      'FastAPI',
      {
        'app.py': 'from fastapi import FastAPI\napi = FastAPI()\n',
        'requirements.txt': 'fastapi\nuvicorn\n',
      },
      {
        runtime: 'python',
        start: sh('exec python3 -m uvicorn app:api --host $HOST --port $PORT'),
        install: [...pip, '-r', 'requirements.txt'],
        reuse: { folder: '.deps', from: ['requirements.txt'] },
        env,
      },
    ],
    [
      'Flask, with requirements that name other files',
      { 'app.py': 'app = Flask(__name__)', 'requirements.txt': '-r base.txt\n' },
      {
        runtime: 'python',
        start: sh('exec python3 -m flask --app app:app run --host $HOST --port $PORT'),
        install: [...pip, '-r', 'requirements.txt'],
        env,
      },
    ],
    [
      'Django',
      { 'manage.py': '' },
      { runtime: 'python', start: sh('exec python3 manage.py runserver --noreload $HOST:$PORT'), env },
    ],
    [
      'one Java file',
      { 'Main.java': 'class Main { public static void main(String[] a) {} }' },
      { runtime: 'java', start: ['java', 'Main.java'] },
    ],
    [
      'a jbang script',
      { 'x.java': '//DEPS a:b:1\nvoid main() {}' },
      { runtime: 'java', start: ['jbang', 'run', 'x.java'] },
    ],
    [
      'Camel routes',
      { 'hello.camel.yaml': '', 'application.properties': '' },
      {
        runtime: 'java',
        start: sh(
          "exec jbang camel@apache/camel run --port=$PORT 'application.properties' 'hello.camel.yaml'",
        ),
      },
    ],
    ['a site', { 'index.html': '' }, { runtime: 'static', start: [], serve: '.' }],
    [
      'a site in a folder',
      { 'README.md': '', 'public/index.html': '' },
      { runtime: 'static', start: [], serve: 'public' },
    ],
    [
      'a site that is built',
      { ...pack({ scripts: { build: 'vite build' }, devDependencies: { vite: '7' } }), 'index.html': '' },
      {
        runtime: 'static',
        start: [],
        serve: 'dist',
        build: ['npm', 'run', 'build'],
        install: ['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock'],
      },
    ],
  ])('LAB-2: sees %s', async (_, files, expected) => {
    expect(await planOf(files)).toEqual(expected);
  });

  it('LAB-2: uv and jbang where they are', async () => {
    const files = { 'main.py': '', 'pyproject.toml': '[project]\nname = "x"\n', 'uv.lock': '' };
    expect(await planOf(files, ['uv'])).toMatchObject({
      start: ['uv', 'run', 'python', 'main.py'],
      install: ['uv', 'sync', '--frozen'],
    });
    expect(await planOf({ 'main.py': '', 'requirements.txt': 'x' }, ['uv'])).toMatchObject({
      install: ['uv', 'pip', 'install', '--target', '.deps', '-r', 'requirements.txt'],
      start: ['python3', 'main.py'],
    });
    expect(await planOf({ 'A.java': 'void main() {}' }, ['jbang'])).toMatchObject({
      start: ['jbang', 'run', 'A.java'],
    });
  });

  it('LAB-2: .frontdesk.yaml counts before what is seen', async () => {
    const yaml =
      'runtime: node\ninstall: make deps\nbuild: false\nstart: make run\nport: 4000\nhealth: /up\nenv: { A: 1 }\nmemoryMb: 64\n';
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
