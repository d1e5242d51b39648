import { isQuiet } from '../mcp-servers/kit/hours.ts';
import type { Decision, Draft, ObservedWorkspace, WatchLimits } from './contract.ts';
import { countOf, decideMilestones } from './decide-milestones.ts';
import { decideSigns } from './decide-signs.ts';
import { draft, isInSight, labDraft, labKey, newsDraft } from './draft.ts';
import { isEnding } from './news.ts';
import { nothingTold, type Told } from './told.ts';
import { isWithin } from './within.ts';

/** Ids remembered of each kind: more than a host keeps of them, so that none seems new again. */
const mostIds = 300;
/** Held back in quiet hours, in one message. */
const mostHeld = 20;

/**
 * The difference between what is and what was told, in the order it is to be said. Pure and level-triggered: asked again with
 * the same, it says nothing; asked late, it says all that is new (WA-1).
 * @param before undefined: nothing was ever told of it
 * @param now Unix ms
 */
export function decide(
  observed: ObservedWorkspace,
  before: Told | undefined,
  now: number,
  limits: WatchLimits,
): Decision<Told> {
  const { name, policy, thread } = observed;
  const base = before?.life === observed.life ? before : nothingTold(observed.life);
  let told = base;
  const set = (patch: Partial<Told>) => void (told = { ...told, ...patch });
  let known: boolean | undefined;
  const quiet = () => (known ??= isQuiet(policy, now));

  // A turn begins: people have spoken since, and nobody looks above their words again.
  if (observed.session?.status === 'running' && base.since === null && base.batch !== null)
    set({ batch: null });

  // A state file that was set back begins to count from there.
  const last = observed.news.at(-1)?.n ?? base.news;
  if (last !== base.news) set({ news: last });
  const fresh = observed.news.filter(({ n }) => n > base.news);
  const latest = fresh.at(-1);
  const ending = latest !== undefined && isEnding(latest) ? latest : undefined;
  const drafts: Draft[] = fresh
    .filter((news) => news !== ending && (policy.updates.turns || news.kind !== 'turn'))
    .map((news) => newsDraft(news, name, false));

  const todo = observed.session?.todo ?? null;
  if (observed.session !== null && todo !== null) {
    const { id } = observed.session;
    const { session = '', done = 0, total = 0 } = base.todo ?? {};
    if (session !== id || done !== todo.done || total !== todo.total) set({ todo: { session: id, ...todo } });
  }

  const runs = observed.tests.filter(({ id }) => !base.tests.includes(id));
  if (runs.length > 0) set({ tests: [...told.tests, ...runs.map(({ id }) => id)].slice(-mostIds) });
  // Those that are a milestone are told as one.
  const plain = runs.filter((run) => !policy.updates.milestones || countOf(run) === null);

  const milestones = decideMilestones(observed, told, runs, now, quiet);
  told = milestones.told;

  // What was done comes before what was reached by it.
  const isReached = milestones.drafts.some(({ edit }) => !edit);
  const { lines } = observed;
  const due = lines !== null && !isWithin(lines.since, policy.updates.eventSeconds * 1000, now);
  if (lines !== null && (due || ending || isReached) && !quiet()) {
    drafts.push(draft(`lines-${told.seq}`, 'lines', '', { wants: 'lines' }));
    set({ seq: told.seq + 1 });
  }
  for (const run of plain) {
    const inSight = isInSight(run, thread, policy);
    drafts.push(draft(`tests-${run.id}`, 'tests', `${run.text} (\`${name}\`)`, { inSight }));
  }
  drafts.push(...milestones.drafts);

  if (observed.lab !== null && labKey(observed.lab) !== base.lab) {
    set({ lab: labKey(observed.lab) });
    drafts.push(...[labDraft(observed.lab, observed) ?? []].flat());
  }
  const checks = observed.checks.filter(({ id }) => !base.checks.includes(id));
  if (checks.length > 0) set({ checks: [...told.checks, ...checks.map(({ id }) => id)].slice(-mostIds) });
  for (const { id, url, failed } of checks)
    drafts.push(
      draft(
        `checks-${id}`,
        'checks',
        `❌ Pull request checks failed: ${failed.join(', ')} (\`${name}\`)\n${url}`,
      ),
    );

  const signs = decideSigns(observed, told, milestones.drafts.length > 0, now, limits, quiet);
  told = signs.told;
  drafts.push(...signs.drafts);

  if (ending !== undefined) {
    if (policy.updates.turns || ending.kind !== 'turn') drafts.push(newsDraft(ending, name, true));
    // What comes after it is another message: nobody looks above it again.
    if (told.batch !== null) set({ batch: null });
  }

  if (base.held.texts.length > 0 && !quiet()) {
    const { texts, more } = base.held;
    const rest = more > 0 ? [`- … and ${more} more`] : [];
    const only = texts.length === 1 && more === 0 ? texts[0] : undefined;
    const items = texts.map((text) => `- ${text.replaceAll('\n', ' ')}`);
    const digest = only ?? ['🌅 While it was quiet:', '', ...items, ...rest].join('\n');
    // Each was recorded when it was held back.
    drafts.unshift(draft(`held-${told.seq}`, 'held', digest, { record: '' }));
    set({ seq: told.seq + 1, held: { texts: [], more: 0 } });
  }
  // Nobody is there to hear it, and what it was is known when it is plugged in again (WS-4).
  if (thread === null && told.batch !== null) set({ batch: null });
  return { told, drafts };
}

/** Whether a draft waits for the end of the quiet hours (WA-5). */
export function isHeld(observed: ObservedWorkspace, { urgent }: Draft, now: number): boolean {
  return !urgent && isQuiet(observed.policy, now);
}

/** Keeps the texts of what waits; the newest, when there are too many. */
export function hold(told: Told, texts: readonly string[]): Told {
  if (texts.length === 0) return told;
  const all = [...told.held.texts, ...texts];
  return {
    ...told,
    held: { texts: all.slice(-mostHeld), more: told.held.more + Math.max(0, all.length - mostHeld) },
  };
}
