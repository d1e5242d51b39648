import type { Runtime } from './runtime.ts';

export const javaRuntime: Runtime = {
  name: 'java',
  async detect(view) {
    const files = [...view.files].sort();
    if (files.some((name) => /\.camel\.(ya?ml|xml)$/.test(name))) {
      const routes = files.filter((name) => /\.(camel\.(ya?ml|xml)|java|properties)$/.test(name)).map(quote);
      const line = `exec jbang camel@apache/camel run --port=$PORT ${routes.join(' ')}`;
      return { start: ['/bin/sh', '-c', line] };
    }
    for (const file of files.filter((name) => name.endsWith('.java'))) {
      const text = (await view.read(file)) ?? '';
      const needsJbang = /^\/\/\/?(usr\/bin\/env jbang|DEPS|JAVA|SOURCES)\b/m.test(text);
      if (needsJbang) return { start: ['jbang', 'run', file] };
      if (/\bvoid\s+main\s*\(/.test(text))
        return { start: view.has('jbang') ? ['jbang', 'run', file] : ['java', file] };
    }
    return null;
  },
};

function quote(name: string): string {
  return `'${name.replaceAll("'", `'\\''`)}'`;
}
