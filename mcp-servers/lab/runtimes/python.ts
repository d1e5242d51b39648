import type { Found, Runtime, View } from './runtime.ts';

/** Where `pip install --target` puts what it needs: no virtual environment, so nothing in it knows where it is. */
const depsFolder = '.deps';
const candidates = ['app.py', 'main.py', 'server.py', 'wsgi.py', 'asgi.py'];
const env = { PYTHONUNBUFFERED: '1', PYTHONPATH: depsFolder };

export const pythonRuntime: Runtime = {
  name: 'python',
  async detect(view) {
    const isUv = view.has('uv') && view.files.has('pyproject.toml');
    const start = await startOf(view, isUv ? 'uv run python' : 'python3');
    if (start === null) return null;
    return { ...(await makePython(view, isUv)), start, env };
  },
};

async function makePython(view: View, isUv: boolean): Promise<Partial<Found>> {
  const { files } = view;
  // uv keeps what it downloads: making the environment anew takes little, and it knows the folder it is in.
  if (isUv) return { install: ['uv', 'sync', ...(files.has('uv.lock') ? ['--frozen'] : [])] };
  const pip = view.has('uv') ? ['uv', 'pip', 'install'] : ['python3', '-m', 'pip', 'install', '--no-input'];
  const requirements = await view.read('requirements.txt');
  if (requirements !== null) {
    const named = requirements.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
    if (named.length === 0) return {};
    // Other files are named in it: what is made does not follow from it alone.
    const isAlone = named.every((line) => !/^\s*(-|\.)|file:/.test(line));
    return {
      install: [...pip, '--target', depsFolder, '-r', 'requirements.txt'],
      reuse: isAlone ? { folder: depsFolder, from: ['requirements.txt'] } : null,
    };
  }
  const project = await view.read('pyproject.toml');
  if (project === null || !/^\[project\]/m.test(project) || !/^dependencies\s*=/m.test(project)) return {};
  return { install: [...pip, '--target', depsFolder, '.'] };
}

async function startOf(view: View, python: string): Promise<readonly string[] | null> {
  if (view.files.has('manage.py')) return shell(`${python} manage.py runserver --noreload $HOST:$PORT`);
  for (const file of candidates) {
    const text = await view.read(file);
    if (text === null) continue;
    const module = file.slice(0, -'.py'.length);
    const made = /^(\w+)\s*(?::[^=]+)?=\s*(FastAPI|Starlette|Flask|Quart)\(/m.exec(text);
    const [, name = '', kind = ''] = made ?? [];
    if (kind === 'FastAPI' || kind === 'Starlette')
      return shell(`${python} -m uvicorn ${module}:${name} --host $HOST --port $PORT`);
    if (kind === 'Flask' || kind === 'Quart')
      return shell(
        `${python} -m ${kind.toLowerCase()} --app ${module}:${name} run --host $HOST --port $PORT`,
      );
    return [...python.split(' '), file];
  }
  return null;
}

/** For what must be told the port as an argument. */
function shell(line: string): readonly string[] {
  return ['/bin/sh', '-c', `exec ${line}`];
}
