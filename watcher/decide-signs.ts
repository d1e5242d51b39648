import { addWorkingMinutes } from '../mcp-servers/kit/hours.ts';
import type { Decision, Draft, ObservedAsk, ObservedWorkspace, WatchLimits } from './contract.ts';
import { draft } from './draft.ts';
import type { Told } from './told.ts';
import { bounded, line, literal, showSpan } from './words.ts';

/** What nothing happens to say: silence, circles, a host that does not answer, long work, nobody answering. */
export function decideSigns(
  observed: ObservedWorkspace,
  before: Told,
  isMilestone: boolean,
  now: number,
  limits: WatchLimits,
  quiet: () => boolean,
): Decision<Told> {
  const { name, session, waiting, policy } = observed;
  let told = before;
  const drafts: Draft[] = [];
  const set = (patch: Partial<Told>) => void (told = { ...told, ...patch });
  const say = (kind: string, markdown: string, more: Partial<Draft> = {}) => {
    drafts.push(draft(`${kind}-${told.seq}`, kind, markdown, more));
    set({ seq: told.seq + 1 });
  };

  const runs = session?.status === 'running';
  // One that waits for a person is silent for a reason.
  const works = runs && waiting.length === 0;

  const silentMs = session === null ? 0 : now - (session.lastSignAt ?? session.seenAt);
  if (works && silentMs >= limits.stalledAfterMs) {
    if (!told.silent) {
      set({ silent: true });
      const last = session.lastDid === '' ? '' : ` It last did: ${literal(session.lastDid)}`;
      say('stalled', `⏳ \`${name}\` is still running, silent for ${showSpan(silentMs)}.${last}`);
    }
  } else if (told.silent && (!runs || session.lastSignAt !== null)) set({ silent: false });

  const loop = session?.loop ?? null;
  if (loop !== null && loop.what !== told.looping) {
    if (runs && loop.times >= limits.loopTimes) {
      set({ looping: loop.what });
      const what = literal(bounded(line(loop.what), 200));
      say('loop', `🔁 \`${name}\` may be going in circles: ${loop.times} times in a row ${what}`, {
        urgent: true,
      });
    } else if (told.looping !== '') set({ looping: '' });
  }

  const blindSince = session?.blindSince;
  if (typeof blindSince === 'number') {
    if (!told.blind && now - blindSince >= limits.blindAfterMs) {
      set({ blind: true });
      say(
        'blind',
        `⚠️ \`${name}\`: its host ${session?.host} does not answer; what it does may be told late.`,
      );
    }
  } else if (told.blind && blindSince === null) set({ blind: false });

  if (!runs && told.since !== null) set({ since: null });
  if (runs && (told.since === null || isMilestone)) set({ since: now });
  const { summaryMinutes } = policy.updates;
  if (works && told.since !== null && summaryMinutes !== null) {
    const workedMs = now - told.since;
    if (workedMs >= summaryMinutes * 60_000 && !quiet()) {
      set({ since: now });
      say('summary', summaryText(observed, workedMs), { wants: 'changes' });
    }
  }

  const reminded = told.reminded.filter((id) => waiting.some((each) => each.id === id));
  const late = waiting.filter((each) => !reminded.includes(each.id) && isLate(observed, each, now, limits));
  for (const { id, since, text } of late) {
    const words = literal(bounded(line(text), 300));
    drafts.push(
      draft(
        `reminder-${id}`,
        'reminder',
        `⏰ \`${name}\` waits for an answer for ${showSpan(now - since)}: ${words}`,
        {
          urgent: true,
        },
      ),
    );
  }
  if (late.length > 0 || reminded.length !== told.reminded.length)
    set({ reminded: [...reminded, ...late.map(({ id }) => id)] });
  return { told, drafts };
}

function summaryText({ name, session }: ObservedWorkspace, workedMs: number): string {
  const { todo = null, lastDid = '' } = session ?? {};
  return [
    `⏱️ \`${name}\` works on, ${showSpan(workedMs)} since it last had something to tell.`,
    ...(todo === null || todo.total === 0 ? [] : [`- Todos: ${todo.done}/${todo.total}`]),
    ...(lastDid === '' ? [] : [`- Last: ${literal(lastDid)}`]),
  ].join('\n');
}

/** Within working hours, after so much working time. What has passed its deadline (after days away) goes on, which is told. */
function isLate(
  { policy }: ObservedWorkspace,
  { since, until }: ObservedAsk,
  now: number,
  limits: WatchLimits,
): boolean {
  if (until !== null && until <= now) return false;
  if (now - since < limits.remindAfterMinutes * 60_000) return false;
  const due = addWorkingMinutes(policy.hours, since, limits.remindAfterMinutes);
  if (due === null || due > now) return false;
  // A minute of work from now ends in a minute: it is working time.
  return addWorkingMinutes(policy.hours, now, 1) === now + 60_000;
}
