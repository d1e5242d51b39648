import { type ThreadRef, threadKey } from '../mcp-servers/kit/chat.ts';
import type { Decision, ObservedWorkspace } from './contract.ts';
import { draft } from './draft.ts';
import type { Told } from './told.ts';
import { bounded, line, listed } from './words.ts';

/** Ids remembered: more than a host keeps of them, so that none seems new again. */
const mostIds = 300;
/** In one message. */
const mostShown = 20;

/** WA-3: from the milestone tool, a todo list that is done, and tests that are all green. */
export function decideMilestones(
  observed: ObservedWorkspace,
  before: Told,
  runs: ObservedWorkspace['tests'],
  now: number,
  quiet: () => boolean,
): Decision<Told> {
  const { name, policy, thread, session } = observed;
  let told = before;
  const fresh = observed.milestones.filter(({ id }) => !told.milestones.includes(id));
  if (fresh.length > 0)
    told = { ...told, milestones: [...told.milestones, ...fresh.map(({ id }) => id)].slice(-mostIds) };
  const reached = fresh.map(({ id, text }) => ({
    key: `milestone-${id}`,
    text: `✅ Milestone: ${bounded(line(text), 500)}`,
  }));

  const todo = session?.todo ?? null;
  const done =
    session !== null && todo !== null && todo.total > 0 && todo.done >= todo.total ? session.id : '';
  // Not known is not undone: a list is forgotten over a restart.
  if (done !== told.done && (done !== '' || todo !== null)) {
    told = { ...told, done };
    if (done !== '') {
      const key = `milestone-done-${told.seq}`;
      told = { ...told, seq: told.seq + 1 };
      reached.push({
        key,
        text: `🎉 Milestone: Implementation complete (${todo?.done}/${todo?.total} todos)`,
      });
    }
  }
  for (const run of runs) {
    const [{ id }, count] = [run, countOf(run)];
    if (count === null) continue;
    reached.push({
      key: `milestone-tests-${id}`,
      text: `✅ Milestone: All tests passing (${count}/${count})`,
    });
  }
  const [first] = reached;
  if (first === undefined || !policy.updates.milestones) return { told, drafts: [] };

  const texts = reached.map(({ text }) => text);
  const footer = session === null ? {} : ({ wants: 'changes' } as const);
  const { batch } = told;
  const soon = batch !== null && now - batch.from < policy.updates.milestoneSeconds * 1000;
  const isOpen = soon && thread !== null && sameThread(batch.ref, thread) && !quiet();
  const all = isOpen ? [...batch.texts, ...texts] : texts;
  const shown = all.slice(0, mostShown);
  const more = all.length - shown.length + (isOpen ? batch.more : 0);
  const key = isOpen ? batch.key : first.key;
  const next =
    thread === null || quiet()
      ? null
      : { key, ref: thread, from: isOpen ? batch.from : now, texts: shown, more };
  const rest = more > 0 ? [`… and ${more} more`] : [];
  const markdown = `${listed([...shown, ...rest])} (\`${name}\`)`;
  return {
    told: { ...told, batch: next },
    drafts: [draft(key, 'milestone', markdown, { edit: isOpen, record: texts.join(' · '), ...footer })],
  };
}

/** How many passed, where all did: the sum of its `45/45`; null: they did not, or it has no number. */
export function countOf({ text, green }: ObservedWorkspace['tests'][number]): number | null {
  const pairs = green ? [...text.matchAll(/\b(\d+)\/(\d+)\b/g)] : [];
  const passed = pairs.reduce((sum, [, count]) => sum + Number(count), 0);
  return passed === 0 ? null : passed;
}

function sameThread(a: ThreadRef, b: ThreadRef): boolean {
  return threadKey(a) === threadKey(b);
}
