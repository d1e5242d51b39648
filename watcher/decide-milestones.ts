import { type ThreadRef, threadKey } from '../mcp-servers/kit/chat.ts';
import { addCommits, countCommits, freshCommits, isSignificant, showCommits } from './commits.ts';
import type { Decision, Draft, ObservedCommit, ObservedWorkspace } from './contract.ts';
import { draft } from './draft.ts';
import type { Told } from './told.ts';
import { isWithin } from './within.ts';
import { bounded, line, listed } from './words.ts';

/** Ids remembered: more than a host keeps of them, and than are read of commits, so that none seems new again. */
const mostIds = 300;
/** In one message. */
const mostShown = 20;

/** `key`: names the message when it is the first of one. */
interface Reached {
  readonly key: string;
  readonly text: string;
}

/** WA-3: from the milestone tool, a todo list that is done, tests that are all green, and commits. */
export function decideMilestones(
  observed: ObservedWorkspace,
  before: Told,
  runs: ObservedWorkspace['tests'],
  now: number,
  quiet: () => boolean,
): Decision<Told> {
  const { policy, session } = observed;
  let told = before;
  const fresh = observed.milestones.filter(({ id }) => !told.milestones.includes(id));
  if (fresh.length > 0)
    told = { ...told, milestones: [...told.milestones, ...fresh.map(({ id }) => id)].slice(-mostIds) };
  const reached: Reached[] = fresh.map(({ id, text }) => ({
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

  const taken = takeCommits(observed, told);
  told = taken.told;
  const first = reached[0]?.key ?? taken.commits.map(({ id }) => `milestone-commits-${id}`)[0];
  if (first === undefined || !policy.updates.milestones) return { told, drafts: [] };
  const news = {
    first,
    texts: reached.map(({ text }) => text),
    commits: taken.commits,
    said: fresh.length > 0,
  };
  return tell(observed, told, news, now, quiet);
}

/** Those that are significant are told with this; all of them where commits are no milestones, so that none is later. */
function takeCommits(
  observed: ObservedWorkspace,
  told: Told,
): { readonly told: Told; readonly commits: readonly ObservedCommit[] } {
  if (told.commits === null) {
    const there = observed.commits?.map(({ id }) => id) ?? null;
    return { told: there === null ? told : { ...told, commits: there.slice(-mostIds) }, commits: [] };
  }
  const fresh = freshCommits(observed, told.commits);
  const tells = isSignificant(observed, fresh);
  if (fresh.length === 0 || (!tells && observed.policy.updates.commits !== null))
    return { told, commits: [] };
  const commits = [...told.commits, ...fresh.map(({ id }) => id)].slice(-mostIds);
  return { told: { ...told, commits }, commits: tells ? fresh : [] };
}

interface MilestoneNews {
  readonly first: string;
  readonly texts: readonly string[];
  readonly commits: readonly ObservedCommit[];
  /** The agent itself told one of them. */
  readonly said: boolean;
}

/** In a message of their own, or in the one that is open, which grows. */
function tell(
  { name, policy, thread, session }: ObservedWorkspace,
  told: Told,
  news: MilestoneNews,
  now: number,
  quiet: () => boolean,
): Decision<Told> {
  const { batch } = told;
  const soon = batch !== null && isWithin(batch.from, policy.updates.milestoneSeconds * 1000, now);
  const isOpen = soon && thread !== null && sameThread(batch.ref, thread) && !quiet();
  const all = isOpen ? [...batch.texts, ...news.texts] : news.texts;
  const texts = all.slice(0, mostShown);
  const more = all.length - texts.length + (isOpen ? batch.more : 0);
  const commits = [...addCommits(isOpen ? batch.commits : [], news.commits)];
  const said = news.said || (isOpen && batch.said);
  const key = isOpen ? batch.key : news.first;
  const from = isOpen ? batch.from : now;
  const next =
    thread === null || quiet() ? null : { key, ref: thread, from, texts: [...texts], more, commits, said };

  // What the agent calls a milestone is the work that it commits: told once, in the agent's words.
  const lines = said ? [] : commits.map(commitLine);
  const rest = more > 0 ? [`… and ${more} more`] : [];
  const markdown = `${listed([...texts, ...rest, ...lines])} (\`${name}\`)`;
  const added = [...news.texts, ...addCommits([], news.commits).map(commitLine)];
  const latest = (news.texts.length === 0 ? lines : news.texts).at(-1) ?? told.reached?.text;
  const reached = session === null || latest === undefined ? null : { session: session.id, text: latest };
  const facts: Partial<Draft> =
    session === null
      ? {}
      : { wants: 'changes', footer: said && commits.length > 0 ? countCommits(commits) : '' };
  return {
    told: { ...told, batch: next, reached },
    drafts: [draft(key, 'milestone', markdown, { edit: isOpen, record: added.join(' · '), ...facts })],
  };
}

function commitLine(group: Parameters<typeof showCommits>[0]): string {
  return `✅ Milestone: ${showCommits(group)}`;
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
