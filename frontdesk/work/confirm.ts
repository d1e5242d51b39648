import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { confirmationCard } from './cards.ts';
import type { Answer, By, WorkPorts } from './ports.ts';
import type { Confirmation, ConfirmedAction } from './record.ts';

const expiresAfterMs = 24 * 3_600_000;
/** A confirmed action that could not be ended (disk full) is tried again after this long. */
const retryMs = 5000;

/** MCP-5 in code: what destroys or publishes runs on a person's click and in no other way. */
export interface Confirmations {
  ask(by: By, o: { title: string; detail: string; action: ConfirmedAction }): Promise<Answer>;
  /** @returns what only the clicker should see */
  click(by: By, id: string, yes: boolean): Promise<string | null>;
  resumeAll(): Promise<number>;
  tick(): void;
  drain(): Promise<void>;
  readonly running: number;
}

/**
 * Does it. Done again after a crash, so what is done already must do no harm.
 * @param o.gone what the life before noted of the workspace by `o.note`, which is durable
 * @returns Markdown: what was done
 */
export type RunConfirmed = (
  action: ConfirmedAction,
  o: {
    readonly person: string;
    readonly ref: Confirmation['ref'];
    readonly gone: Confirmation['gone'];
    readonly note: (gone: NonNullable<Confirmation['gone']>) => Promise<void>;
  },
) => Promise<string>;

export function createConfirmations(ports: WorkPorts, run: RunConfirmed): Confirmations {
  const { confirmations, chat, log, now, steady, audit } = ports;
  const running = new Map<string, Promise<void>>();
  const retries = new Map<string, number>();
  /** Pending ones with the time they end, so that nothing is read from the disk every second. */
  const pending = new Map<string, number>();
  let draining = false;

  const show = async (confirmation: Confirmation): Promise<void> => {
    const card = confirmationCard(
      confirmation,
      confirmation.by === '' ? '' : await chat.nameOf(confirmation.by),
    );
    await chat.change(confirmation.ref, confirmation.id, { kind: 'card', card });
  };

  /** Saying it again does nothing. */
  const present = async (asked: Confirmation): Promise<void> => {
    const { ref, id } = asked;
    await chat.say(ref, id, { kind: 'card', card: confirmationCard(asked, '') });
  };

  const finish = async (id: string, status: 'done' | 'failed', outcome: string): Promise<void> => {
    const current = await confirmations.get(id);
    if (current === undefined) return;
    const ended: Confirmation = { ...current, status, outcome };
    await show(ended);
    const markdown = status === 'done' ? outcome : `❌ ${ended.title} ${outcome}`;
    await chat.say(ended.ref, `${id}/done`, { kind: 'text', markdown });
    // Last: a life that is killed before it does and tells all once more, which says nothing twice.
    await confirmations.update(id, () => ended);
    const { by: person, action } = ended;
    audit({ person, action: `work.${action.kind}`, target: action.workspace, outcome: status });
  };

  const perform = (confirmation: Confirmation): void => {
    const { id, action, ref, by, gone } = confirmation;
    const note = async (seen: NonNullable<Confirmation['gone']>) =>
      void (await confirmations.update(id, (current) => current && { ...current, gone: seen }));
    if (running.has(id) || draining) return;
    const work = async () => {
      let outcome: string;
      try {
        outcome = await run(action, { person: by, ref, gone, note });
      } catch (error) {
        log.error({ err: describeError(error), confirmation: id }, 'work.confirmed.failed');
        const reason =
          error instanceof FrontdeskError
            ? error.advice
            : 'Something went wrong inside Frontdesk; see its log.';
        return await finish(id, 'failed', reason);
      }
      await finish(id, 'done', outcome);
    };
    const task = work()
      .catch((error: unknown) => {
        log.error({ err: describeError(error), confirmation: id }, 'work.confirmed.stranded');
        retries.set(id, steady() + retryMs);
      })
      .finally(() => running.delete(id));
    running.set(id, task);
  };

  const expire = async (id: string): Promise<void> => {
    const ended = await confirmations.update(id, (current) =>
      current?.status === 'pending' ? { ...current, status: 'expired' } : current,
    );
    if (ended?.status === 'expired') await show(ended);
  };

  return {
    async ask(by, { title, detail, action }) {
      const id = `confirm/${by.requestId}/${action.kind}/${action.workspace}`;
      const asked: Confirmation = {
        id,
        person: by.person,
        ref: by.ref,
        title,
        detail,
        action,
        status: 'pending',
        by: '',
        outcome: '',
        createdAt: now(),
      };
      const stored = (await confirmations.update(id, (known) => known ?? asked)) ?? asked;
      if (stored.status === 'pending') pending.set(id, stored.createdAt + expiresAfterMs);
      await present(stored);
      return {
        text: `${title} A card with [Confirm] is shown here; nothing is done before somebody clicks it.`,
        shown: true,
      };
    },

    async click(by, id, yes) {
      if (!ports.isAllowed(by.person)) return null;
      let won = false;
      const current = await confirmations.update(id, (confirmation) => {
        won = false;
        if (confirmation?.status !== 'pending') return confirmation;
        if (confirmation.createdAt + expiresAfterMs <= now()) return { ...confirmation, status: 'expired' };
        won = true;
        return { ...confirmation, status: yes ? 'running' : 'cancelled', by: by.person };
      });
      if (current === undefined) return 'This card is too old; ask again.';
      if (current.status !== 'pending') pending.delete(id);
      if (!won) {
        await show(current);
        return current.status === 'expired'
          ? 'This has expired; ask again.'
          : `This was decided already by ${await chat.nameOf(current.by)}.`;
      }
      await show(current);
      if (yes) perform(current);
      else
        audit({
          person: by.person,
          action: `work.${current.action.kind}`,
          target: current.action.workspace,
          outcome: 'cancelled',
        });
      return null;
    },

    async resumeAll() {
      let count = 0;
      for await (const [id, confirmation] of confirmations.entries()) {
        const { status, createdAt } = confirmation;
        if (status === 'pending') {
          pending.set(id, createdAt + expiresAfterMs);
          // Stored, and killed before the card was.
          await present(confirmation);
        } else if (status === 'running') perform(confirmation);
        if (status === 'pending' || status === 'running') count += 1;
      }
      return count;
    },

    tick() {
      for (const [id, at] of pending) {
        if (at > now()) continue;
        pending.delete(id);
        expire(id).catch((error: unknown) =>
          log.error({ err: describeError(error), confirmation: id }, 'work.expiry.failed'),
        );
      }
      for (const [id, at] of retries) {
        if (steady() < at) continue;
        retries.delete(id);
        void confirmations.get(id).then(
          (found) => (found?.status === 'running' ? perform(found) : undefined),
          () => retries.set(id, steady() + retryMs),
        );
      }
    },

    async drain() {
      draining = true;
      await Promise.allSettled(running.values());
    },

    get running() {
      return running.size;
    },
  };
}
