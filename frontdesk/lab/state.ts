/** The lab's and the tests' part of `.session-state.yaml` (LAB-6, TE-1). Pure. */
import { z } from 'zod';
import { type Deployment, type LabState, labStateSchema } from '../../mcp-servers/kit/lab.ts';
import { type TestState, testStateSchema } from '../../mcp-servers/kit/tests.ts';
import type { WorkspaceState } from '../../mcp-servers/kit/work.ts';

/** Results kept in the state file. */
const testsKept = 5;

/** Never throws: a damaged part is as if it were not there. */
export function labStateOf(state: WorkspaceState): LabState | null {
  const parsed = labStateSchema.safeParse(state['lab']);
  return parsed.success ? parsed.data : null;
}

export function testStatesOf(state: WorkspaceState): TestState[] {
  const parsed = z.array(testStateSchema).safeParse(state['tests']);
  return parsed.success ? parsed.data : [];
}

/** @returns the same object when nothing changes: then nothing is written and committed */
export function withLab(state: WorkspaceState, deployment: Deployment, now: number): WorkspaceState {
  const before = labStateOf(state);
  const { id, status, url, cause, ref, startedAt } = deployment;
  // A later one is noted already, or is about to be.
  if (status === 'replaced') return state;
  if (before !== null && before.id !== id && Date.parse(before.at) > startedAt) return state;
  if (before?.id === id && before.status === status && before.url === url) return state;
  const after: LabState = {
    id,
    status,
    url,
    cause: cause?.text ?? '',
    at: new Date(now).toISOString(),
    ...(ref === null ? {} : { shown: { ref, since: new Date(startedAt).toISOString() } }),
  };
  return { ...state, lab: after };
}

/** @returns the same object when it is noted already */
export function withTests(state: WorkspaceState, result: TestState): WorkspaceState {
  const before = testStatesOf(state);
  if (before.some(({ id }) => id === result.id)) return state;
  return { ...state, tests: [...before, result].slice(-testsKept) };
}
