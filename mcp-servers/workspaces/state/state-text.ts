import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { type WorkspaceState, workspaceStateSchema } from '../../kit/work.ts';

export const stateFileName = '.session-state.yaml';

const head = [
  '# What Frontdesk knows of this workspace. It is read when Frontdesk starts, and written at every change:',
  '# edit it only while Frontdesk is stopped. Its history: `git log -p` in this folder.',
  '',
].join('\n');

export function renderState(state: WorkspaceState): string {
  return head + stringify(state, { lineWidth: 0 });
}

export type ParsedState = { readonly state: WorkspaceState } | { readonly reason: string };

/** @param workspace the folder's name, which must be the state's: a copied folder would claim another's thread and session */
export function parseState(text: string, workspace: string): ParsedState {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return { reason: 'it is not YAML' };
  }
  const parsed = workspaceStateSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return {
      reason: issue
        ? `${issue.path.join('.') || 'content'}: ${issue.message}`
        : z.prettifyError(parsed.error),
    };
  }
  if (parsed.data.workspace !== workspace) return { reason: `it is the state of ${parsed.data.workspace}` };
  return { state: parsed.data };
}
