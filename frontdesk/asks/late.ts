/** Answers that come after the deadline (AS-4): confirmed, redone from the checkpoint, or passed on. */
import { isDeepStrictEqual } from 'node:util';
import type { Ask, AskAnswer } from '../../mcp-servers/kit/asks.ts';
import type { CardButton, Chat } from '../../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { AuditEntry } from '../threads/ports.ts';
import { buttonsOf } from './card.ts';
import type { MakeExtension } from './contract.ts';
import { showAssumed } from './deadline.ts';
import { assumedBranch, type LateJob, type LateWorkPorts, performLate } from './late-work.ts';
import { showAnswer } from './words.ts';

export interface LatePorts extends LateWorkPorts {
  /** By ask: late answers being acted on. */
  readonly jobs: Collection<LateJob>;
  readonly chat: Pick<Chat, 'say' | 'nameOf'>;
  readonly isAllowed: (person: string) => boolean;
  readonly audit: (entry: AuditEntry) => void;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  /** Milliseconds since some moment of this life: nobody sets it. */
  readonly steady: () => number;
}

/** Of what could not be ended, ms. */
const retryMs = 5000;

export function createLate(ports: LatePorts): MakeExtension {
  const { jobs, chat, isAllowed, audit, log, now, steady } = ports;
  return (asks) => {
    const running = new Map<string, Promise<void>>();
    /** Could not be stored or told (the disk is full): tried again. */
    const stranded = new Map<string, number>();
    /** For cards, which are rendered at once. */
    const names = new Map<string, string>();
    let draining = false;

    const nameOf = async (person: string): Promise<string> => {
      const name = await chat.nameOf(person);
      names.set(person, name);
      return name;
    };

    /** Said last: a life that is killed before forgets nothing, and says nothing twice. */
    const end = async (ask: Ask, job: LateJob, markdown: string, ok: boolean): Promise<void> => {
      await chat.say(job.ref, `ask/${ask.id}/late-${ok ? 'done' : `failed-${job.at}`}`, {
        kind: 'text',
        markdown,
      });
      audit({
        person: job.by,
        action: `ask.late.${job.kind}`,
        target: ask.workspace ?? ask.id,
        outcome: ok ? 'done' : 'failed',
      });
      if (ok) return void (await jobs.update(ask.id, () => undefined));
      await jobs.update(ask.id, (known) => known && { ...known, failed: true });
      await giveBack(ask.id);
    };

    /** It can be chosen once more; who chose meanwhile is not forgotten. */
    const giveBack = async (id: string): Promise<void> => {
      await setChoice(id, 'open');
      await jobs.update(id, (known) => (known?.failed ? undefined : known));
    };

    const setChoice = async (id: string, choice: NonNullable<Ask['late']>['choice']): Promise<Ask> =>
      await asks.change(id, (ask) =>
        ask.late === null || ask.late.choice === choice ? ask : { ...ask, late: { ...ask.late, choice } },
      );

    const perform = (id: string, job: LateJob): void => {
      if (running.has(id) || draining) return;
      const work = async () => {
        if (job.failed) return await giveBack(id);
        await nameOf(job.by);
        const ask = await setChoice(id, job.kind);
        let told: string;
        try {
          told = await performLate({ ...ports, nameOf }, ask, job, async (rewound) => {
            await jobs.update(id, (known) => known && { ...known, rewound: [...rewound] });
          });
        } catch (error) {
          if (draining) return;
          log.error({ err: describeError(error), ask: id }, 'asks.late.failed');
          const reason =
            error instanceof FrontdeskError
              ? error.advice
              : 'Something went wrong inside Frontdesk; see its log.';
          return await end(ask, job, `❌ The late answer could not be acted on. ${reason}`, false);
        }
        await end(ask, job, told, true);
      };
      const task = work()
        .then(
          async () => {
            running.delete(id);
            const next = await jobs.get(id);
            // Chosen while the failure before it was being told.
            if (next?.failed === false) perform(id, next);
          },
          (error: unknown) => {
            running.delete(id);
            throw error;
          },
        )
        .catch((error: unknown) => {
          log.error({ err: describeError(error), ask: id }, 'asks.late.stranded');
          stranded.set(id, steady() + retryMs);
        });
      running.set(id, task);
    };

    /** @returns what only the clicker sees */
    const decide = async (ask: Ask, kind: LateJob['kind'], person: string): Promise<string | null> => {
      if (ask.card === null) return null;
      const mine: LateJob = { kind, by: person, ref: ask.card.ref, rewound: null, failed: false, at: now() };
      const latest = await asks.get(ask.id);
      if (latest?.late?.choice !== 'open') return taken(latest ?? ask);
      // The first one that is stored wins.
      const job = await jobs.update(ask.id, (known) => (known?.failed === false ? known : mine));
      if (job !== mine) return taken(latest);
      perform(ask.id, mine);
      return null;
    };

    const taken = ({ late }: Ask): string =>
      late === null
        ? 'There is no late answer to this.'
        : `This was decided already. ${choices[late.choice]}`;

    return {
      async late(ask, answer, by) {
        // The tool that asked has its answer, and is gone.
        if (ask.source.kind !== 'host' || ask.workspace === null) return undefined;
        await nameOf(by);
        const same = isSame(answer, ask.answer);
        let stored = false;
        const at = now();
        const after = await asks.change(ask.id, (latest) => {
          stored = latest.late === null || latest.late.choice === 'open';
          return stored ? { ...latest, late: { answer, by, at, choice: same ? 'dropped' : 'open' } } : latest;
        });
        if (!stored) return taken(after);
        audit({ person: by, action: 'ask.late', target: ask.id, outcome: same ? 'confirmed' : 'differs' });
        if (same) return `Confirmed: it went on with ${showAssumed(ask)}.`;
        if (after.body.kind === 'question')
          return 'It had gone on without you. Choose on the card what is to become of your answer.';
        const { body, source } = after;
        await asks.allow(
          source.kind === 'host' ? source.sessionId : '',
          body.request,
          by,
          answer !== 'session',
        );
        return (
          (await decide(after, 'tell', by)) ??
          'It was denied meanwhile; the agent is told that it is allowed now.'
        );
      },

      card(ask, card) {
        if (ask.by !== 'deadline' || ask.source.kind !== 'host' || ask.workspace === null) return card;
        const { late } = ask;
        if (late === null)
          return {
            ...card,
            facts: [...(card.facts ?? []), 'A late answer still counts'],
            buttons: buttonsOf(ask),
          };
        const chosen = showAnswer(ask.body, late.answer);
        const who = names.get(late.by) ?? 'Somebody';
        const words = isSame(late.answer, ask.answer)
          ? `✅ ${who} confirmed ${chosen}.`
          : `🕰️ ${who} answered **${chosen}** after that. ${choices[late.choice]}`;
        // A permission's is told at once; when that could not be, or the service ended over it, it waits for a click.
        const buttons = late.choice === 'open' ? choiceButtons(ask) : [];
        return { ...card, body: `${card.body ?? ''}\n\n${words}`, buttons };
      },

      async click(by, verb, value) {
        if (verb !== 'redo' && verb !== 'tell' && verb !== 'leave') return undefined;
        if (!isAllowed(by.person)) return null;
        const ask = await asks.get(value);
        if (ask === undefined) return { text: 'This question is too old.' };
        if (verb !== 'leave') {
          const text = await decide(ask, verb, by.person);
          return text === null ? null : { text };
        }
        if (ask.late?.choice !== 'open' || (await jobs.get(value))?.failed === false)
          return { text: taken(ask) };
        await setChoice(value, 'dropped');
        audit({ person: by.person, action: 'ask.late.leave', target: ask.id, outcome: 'done' });
        return null;
      },

      async resumeAll() {
        for await (const [id, job] of jobs.entries()) perform(id, job);
      },
      tick() {
        for (const [id, at] of stranded) {
          if (steady() < at) continue;
          stranded.delete(id);
          void jobs.get(id).then(
            (job) => job && perform(id, job),
            () => stranded.set(id, steady() + retryMs),
          );
        }
      },
      async drain() {
        draining = true;
        await Promise.allSettled(running.values());
      },
    };
  };
}

const choices = {
  open: 'What now?',
  redo: 'It is redone from there.',
  tell: 'The agent is told.',
  dropped: 'It stays as it is.',
} as const;

function choiceButtons(ask: Ask): CardButton[] {
  const redo: CardButton = {
    action: 'ask.redo',
    label: 'Redo from there',
    value: ask.id,
    style: 'primary',
    confirm: `Its turn is ended, and the branch goes back to where it was when it asked. What was done since stays on ${assumedBranch(ask)}.`,
  };
  return [
    ...(ask.checkpoint === null ? [] : [redo]),
    { action: 'ask.tell', label: 'Tell the agent', value: ask.id },
    { action: 'ask.leave', label: 'Leave it', value: ask.id },
  ];
}

/** The order in which several were chosen says nothing. */
function isSame(a: AskAnswer, b: AskAnswer | null): boolean {
  if (b === null || typeof a === 'string' || typeof b === 'string') return a === b;
  return isDeepStrictEqual(
    a.map((given) => given.toSorted()),
    b.map((given) => given.toSorted()),
  );
}
