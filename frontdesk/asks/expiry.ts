/** Asks that nobody answered go on by themselves (AS-3); what there is in the workspace is kept first (AS-4). */
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import type { Chat } from '../../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Policy } from '../../mcp-servers/kit/policy.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import { literal } from '../../watcher/words.ts';
import type { MakeExtension } from './contract.ts';
import { deadlineOf, decideExpiry, ownJudgement, showAssumed } from './deadline.ts';
import { askTitle } from './words.ts';

export interface ExpiryPorts {
  readonly workspaces: Pick<Workspaces, 'find' | 'checkpoint'>;
  readonly chat: Pick<Chat, 'say'>;
  readonly policyOf: (workspace: string | null) => Policy;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  /** Milliseconds since some moment of this life: nobody sets it. */
  readonly steady: () => number;
}

/** Git that does not work (a lock, a full disk) is tried again; an ask that cannot be kept goes on without. */
const keepAttempts = 3;
const retryMs = 5000;

/** Name of an ask in tags and branches. */
export function shortId({ id }: Pick<Ask, 'id'>): string {
  return id.replace(/^ask_/, '');
}

function tagOf(ask: Pick<Ask, 'id'>): string {
  return `frontdesk/ask/${shortId(ask)}`;
}

export function createExpiry({ workspaces, chat, policyOf, log, now, steady }: ExpiryPorts): MakeExtension {
  return (asks) => {
    const running = new Map<string, Promise<void>>();
    const retries = new Map<string, { at: number; count: number }>();
    let draining = false;

    const isDue = ({ id, status, deadlineAt }: Ask) =>
      status === 'open' &&
      deadlineAt !== null &&
      deadlineAt <= now() &&
      steady() >= (retries.get(id)?.at ?? -Infinity);

    /** @returns the checkpoint, or why there is none; null: tried again later */
    const keep = async (ask: Ask): Promise<{ checkpoint: Ask['checkpoint']; problem: string } | null> => {
      const { workspace, body, id } = ask;
      if (workspace === null || body.kind === 'permission' || !workspaces.find(workspace))
        return { checkpoint: null, problem: '' };
      try {
        const { tag, commits } = await workspaces.checkpoint(workspace, tagOf(ask));
        return { checkpoint: { tag, commits: [...commits] }, problem: '' };
      } catch (error) {
        log.warn({ err: describeError(error), workspace, ask: id }, 'asks.checkpoint.failed');
        const count = (retries.get(id)?.count ?? 0) + 1;
        retries.set(id, { at: steady() + retryMs, count });
        if (count < keepAttempts) return null;
        const reason = error instanceof FrontdeskError ? error.message : 'see the log of Frontdesk.';
        return { checkpoint: null, problem: `What there was before could not be kept: ${reason}` };
      }
    };

    /** Said once, by its id, however often it is begun. */
    const tell = async (ask: Ask): Promise<void> => {
      if (ask.by !== 'deadline' || ask.card === null) return;
      const { body, workspace, checkpoint, source, askedAt, deadlineAt } = ask;
      const why = deadlineAt === askedAt ? 'Nobody is waited for' : 'Nobody answered';
      const who = workspace === null ? 'a tool' : `\`${workspace}\``;
      const kept = checkpoint === null ? '' : ` What there was is tagged \`${checkpoint.tag}\`.`;
      const late = source.kind === 'http' ? '' : ' The card above still takes an answer.';
      const markdown =
        body.kind === 'permission'
          ? `⏰ ${why}; denied: ${who} wanted to ${literal(askTitle(ask))}.${late}`
          : `⏰ ${why}; ${who} goes on with ${showAssumed(ask)}.${kept}${late}`;
      await chat.say(ask.card.ref, `ask/${ask.id}/deadline`, { kind: 'text', markdown });
    };

    const expire = async (id: string): Promise<void> => {
      const ask = await asks.get(id);
      if (ask === undefined || !isDue(ask)) return;
      const kept = await keep(ask);
      if (kept === null) return;
      const { answer, note } = decideExpiry(ask, policyOf(ask.workspace));
      const why = [note, kept.problem].filter(Boolean).join('\n');
      await asks.answer(id, answer, { by: 'deadline', note: why, checkpoint: kept.checkpoint });
      retries.delete(id);
    };

    const begin = (id: string, task: () => Promise<void>): void => {
      if (running.has(id)) return;
      const done = task()
        .catch((error: unknown) => {
          // A person was faster.
          if (error instanceof FrontdeskError && error.code === 'ask_closed') return;
          log.error({ err: describeError(error), ask: id }, 'asks.expiry.failed');
          retries.set(id, { at: steady() + retryMs, count: retries.get(id)?.count ?? 0 });
        })
        .finally(() => running.delete(id));
      running.set(id, done);
    };

    const tick = () => {
      if (draining) return;
      for (const ask of asks.pending()) if (isDue(ask)) begin(ask.id, () => expire(ask.id));
    };

    return {
      deadlineAt({ source, workspace, askedAt }) {
        if (source.kind !== 'host') return null;
        const { deadline, hours } = policyOf(workspace);
        return deadlineOf(deadline, hours, askedAt);
      },
      card: (ask, card) =>
        ask.by === 'deadline' && card.body !== undefined
          ? { ...card, body: card.body.replaceAll(`**${ownJudgement}**`, 'the agent’s own judgement') }
          : card,
      changed(ask) {
        if (ask.by === 'deadline') begin(`${ask.id}/told`, () => tell(ask));
        // Continue-immediately: not a second later.
        else if (isDue(ask) && !draining) begin(ask.id, () => expire(ask.id));
        else if (ask.status !== 'open') retries.delete(ask.id);
      },
      async resumeAll() {
        for (const ask of asks.pending()) await tell(ask);
        tick();
      },
      tick,
      async drain() {
        draining = true;
        while (running.size > 0) await Promise.allSettled(running.values());
      },
    };
  };
}
