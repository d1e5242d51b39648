import { describe, expect, it } from 'vitest';
import { pythonRuntime } from './python.ts';
import type { Found } from './runtime.ts';
import { viewOf } from './view.harness.ts';

const sh = (line: string) => ['/bin/sh', '-c', line];
const env = { PYTHONUNBUFFERED: '1', PYTHONPATH: '.deps' };
const pip = ['python3', '-m', 'pip', 'install', '--no-input', '--target', '.deps'];

describe('the python runtime', () => {
  it.each<[string, Readonly<Record<string, string>>, Found]>([
    ['a plain Python file', { 'main.py': 'print(1)' }, { start: ['python3', 'main.py'], env }],
    [
      'FastAPI',
      {
        'app.py': 'from fastapi import FastAPI\napi = FastAPI()\n',
        'requirements.txt': 'fastapi\nuvicorn\n',
      },
      {
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
        start: sh('exec python3 -m flask --app app:app run --host $HOST --port $PORT'),
        install: [...pip, '-r', 'requirements.txt'],
        env,
      },
    ],
    [
      'Django',
      { 'manage.py': '' },
      { start: sh('exec python3 manage.py runserver --noreload $HOST:$PORT'), env },
    ],
  ])('LAB-2: sees %s', async (_, files, expected) => {
    const none = { install: [], build: [], reuse: null };
    expect({ ...none, ...(await pythonRuntime.detect(viewOf(files))) }).toEqual({ ...none, ...expected });
  });

  it.each<[Readonly<Record<string, string>>]>([[{ 'setup.py': '' }], [{ 'tests/app.py': '' }]])(
    'LAB-2: %j is none',
    async (files) => {
      expect(await pythonRuntime.detect(viewOf(files))).toBeNull();
    },
  );

  it('LAB-2: uv where it is', async () => {
    const project = { 'main.py': '', 'pyproject.toml': '[project]\nname = "x"\n', 'uv.lock': '' };
    expect(await pythonRuntime.detect(viewOf(project, ['uv']))).toMatchObject({
      start: ['uv', 'run', 'python', 'main.py'],
      install: ['uv', 'sync', '--frozen'],
    });
    const plain = { 'main.py': '', 'requirements.txt': 'x' };
    expect(await pythonRuntime.detect(viewOf(plain, ['uv']))).toMatchObject({
      start: ['python3', 'main.py'],
      install: ['uv', 'pip', 'install', '--target', '.deps', '-r', 'requirements.txt'],
    });
  });
});
