/** What a runtime makes of a repository. One file each beside this one; the list is in `plan.ts`. */
import type { RuntimeName } from '../../kit/frontdesk-yaml.ts';
import type { AppPlan } from '../../kit/lab.ts';

/** A repository as a runtime sees it. */
export interface View {
  /** Files at its root. */
  readonly files: ReadonlySet<string>;
  /** Text of a file anywhere in it; null: there is none, or it is larger than 256 KiB. */
  read(file: string): Promise<string | null>;
  /** Whether a program is there where it will run. */
  has(program: string): boolean;
}

/** What is not given is empty. */
export type Found = Pick<AppPlan, 'start'> &
  Partial<Pick<AppPlan, 'install' | 'reuse' | 'build' | 'serve' | 'env'>>;

export interface Runtime {
  readonly name: RuntimeName;
  /** @returns null: it is none of this runtime, or cannot be started without being told how */
  detect(view: View): Promise<Found | null>;
}

/** How people get what is missing, by program. */
export const programHints: Readonly<Record<string, string>> = {
  node: 'Install Node.js (https://nodejs.org).',
  npm: 'Install Node.js with npm (https://nodejs.org).',
  pnpm: 'Install pnpm (https://pnpm.io/installation), or say `install` in .frontdesk.yaml.',
  yarn: 'Install yarn (`npm install -g yarn`), or say `install` in .frontdesk.yaml.',
  bun: 'Install bun (https://bun.sh), or say `install` in .frontdesk.yaml.',
  uv: 'Install uv (https://docs.astral.sh/uv/), or say `install` and `start` in .frontdesk.yaml.',
  python3: 'Install Python 3 (https://www.python.org) or uv (https://docs.astral.sh/uv/).',
  java: 'Install a JDK (https://adoptium.net) or jbang (https://www.jbang.dev).',
  jbang: 'Install jbang (https://www.jbang.dev/download).',
};
