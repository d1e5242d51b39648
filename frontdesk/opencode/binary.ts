import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';

/** The version everything here was measured with; another one is refused. */
export const openCodeVersion = '1.18.33';

const require = createRequire(import.meta.url);

export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Linux with musl instead of glibc. */
  readonly musl: boolean;
  /** The processor has AVX2; the plain x64 build dies without it. */
  readonly avx2: boolean;
}

/** The platform packages that may hold the binary, best first. */
export function packageNames({ platform, arch, musl, avx2 }: Machine): string[] {
  const os = platform === 'win32' ? 'windows' : platform;
  const libc = musl ? '-musl' : '';
  const plain = `opencode-${os}-${arch}${libc}`;
  const baseline = `opencode-${os}-${arch}-baseline${libc}`;
  if (arch !== 'x64') return [plain];
  return avx2 ? [plain, baseline] : [baseline];
}

function thisMachine(): Machine {
  const { platform, arch } = process;
  if (platform !== 'linux') return { platform, arch, musl: false, avx2: true };
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const cpu = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  return { platform, arch, musl: !report.header?.glibcVersionRuntime, avx2: /\bavx2\b/.test(cpu) };
}

function tryResolve(specifier: string): string | undefined {
  try {
    return require.resolve(specifier);
  } catch {
    return undefined;
  }
}

/**
 * The binary that `npm ci` installed. The platform packages come first: they work also where install scripts
 * are off, which leaves the wrapper package a stub.
 * @throws FrontdeskError `opencode_failed`
 */
export function findBinary(machine: Machine = thisMachine()): string {
  const file = machine.platform === 'win32' ? 'opencode.exe' : 'opencode';
  for (const name of packageNames(machine)) {
    const manifest = tryResolve(`${name}/package.json`);
    const path = manifest && join(dirname(manifest), 'bin', file);
    if (path && existsSync(path)) return path;
  }
  const wrapper = tryResolve('opencode-ai/bin/opencode.exe');
  if (wrapper) return wrapper;
  throw new FrontdeskError('opencode_failed', `No OpenCode binary for ${machine.platform}-${machine.arch}.`);
}
