/** What the watcher says, in words. Pure. */
import { type Shown, type ThreadRef, threadKey } from '../mcp-servers/kit/chat.ts';
import type { Policy } from '../mcp-servers/kit/policy.ts';
import type { Draft, ObservedWorkspace } from './contract.ts';
import type { News } from './news.ts';
import { bounded, line } from './words.ts';

/** @param more what differs from a plain notice that can wait */
export function draft(key: string, kind: string, markdown: string, more: Partial<Draft> = {}): Draft {
  return {
    key,
    kind,
    markdown,
    footer: '',
    urgent: false,
    edit: false,
    wants: null,
    inSight: false,
    ...more,
  };
}

/** @param last nothing came after it: the agent's last words belong to it */
export function newsDraft({ n, kind, note }: News, name: string, last: boolean): Draft {
  const say = (markdown: string, more: Partial<Draft> = {}) => draft(`news-${n}`, kind, markdown, more);
  const words = last ? ({ wants: 'words' } as const) : {};
  switch (kind) {
    case 'turn':
      return say(`💬 \`${name}\` has finished its turn and waits.`, words);
    case 'complete':
      return say(`🎉 \`${name}\` is complete (${note} todos).`, words);
    case 'interrupted':
      return say(`⏹️ \`${name}\` was interrupted in OpenCode and waits.`);
    case 'crashed': {
      const cause = bounded(line(note), 500);
      return say(`💥 \`${name}\` crashed: ${cause}\n\nResume lets it try again.`, { urgent: true });
    }
    case 'gone':
      return say(`💥 \`${name}\`: its host ${note} does not know the session any more.`, { urgent: true });
    case 'given-up':
      return say(`💥 \`${name}\` was cut off ${note} times. Resume lets it try again.`, { urgent: true });
    case 'cut':
      return say(`🔁 \`${name}\` was cut off when its host ended; it goes on.`);
    case 'lost':
      return say(`🔌 \`${name}\`: its host ${note} is away. It comes back by itself; nothing is lost.`);
    case 'back':
      return say(`🔌 \`${name}\`: its host ${note} is back.`);
    case 'woken':
      return say(`▶️ \`${name}\` works again: somebody wrote to it in OpenCode.`);
    case 'paused':
      return say(`⏸️ \`${name}\` is paused. Resume lets it go on. (${note})`);
    case 'stopped':
      return say(`⏹️ \`${name}\` is stopped; its place is free. Resume takes it up again. (${note})`);
    case 'resumed':
      return say(`▶️ \`${name}\` goes on. (${note})`);
    case 'forked':
      return say(`🔀 \`${name}\` goes on with a copy of its session. (${note})`);
  }
}

/** @returns null for a change of status that is no news */
export function labDraft(
  lab: NonNullable<ObservedWorkspace['lab']>,
  { name, thread, policy }: Pick<ObservedWorkspace, 'name' | 'thread' | 'policy'>,
): Draft | null {
  const inSight = lab.status !== 'down' && isInSight(lab, thread, policy);
  const say = (markdown: string) => draft(labKey(lab), `lab_${lab.status}`, markdown, { inSight });
  const cause = lab.cause === '' ? '' : ` - ${bounded(line(lab.cause), 500)}`;
  switch (lab.status) {
    case 'ready':
      return say(`✅ Deployment ready${lab.url === null ? '' : `: ${lab.url}`} (\`${name}\`)`);
    case 'failed':
      return say(`❌ Deployment failed${cause} (\`${name}\`)`);
    case 'down':
      return say(`🔻 The lab of \`${name}\` is down${cause}`);
    default:
      return null;
  }
}

/** Whether its card appeared in this thread a moment before it came to this. */
export function isInSight(
  { shown, at }: { readonly shown?: Shown | undefined; readonly at: string },
  thread: ThreadRef | null,
  { updates }: Policy,
): boolean {
  if (shown === undefined || thread === null || threadKey(shown.ref) !== threadKey(thread)) return false;
  const tookMs = Date.parse(at) - Date.parse(shown.since);
  return tookMs >= 0 && tookMs < updates.inSightSeconds * 1000;
}

export function labKey({ id, status, at }: NonNullable<ObservedWorkspace['lab']>): string {
  return `lab-${id}-${status}-${at}`;
}
