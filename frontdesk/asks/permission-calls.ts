/** Permission requests of other tools (AS-7) as asks: the HTTP response is the answer. */
import { randomUUID } from 'node:crypto';
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import type { Card, Chat, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { AskPermission, PermissionAnswer } from '../http/permissions.ts';
import type { Asks } from './contract.ts';
import { showUnseen } from './visible.ts';
import { oneLine } from './words.ts';

export interface PermissionCallPorts {
  readonly asks: Pick<Asks, 'open' | 'withdraw' | 'allow'>;
  readonly workspaces: Pick<Workspaces, 'list'>;
  readonly chat: Pick<Chat, 'nameOf'>;
  /** Where people are asked for tools of no workspace; null: nowhere can be posted to. */
  readonly desk: () => Promise<ThreadRef | null>;
  readonly timeoutSeconds: number;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
}

/** People can tap no faster, and a tool in a loop would bury what they are asked by others. */
const mostPerMinute = 60;

const nobodyWaits = 'The tool that asked is not waiting any more.';

export function createPermissionCalls(ports: PermissionCallPorts): AskPermission {
  const { asks, workspaces, chat, desk, timeoutSeconds, log, now } = ports;
  /** When people were asked, Unix ms, of the last minute. */
  let asked: number[] = [];
  return async ({ sessionId, request }, left) => {
    const at = now();
    // What a clock set back leaves in the future is not waited for.
    asked = asked.filter((time) => Math.abs(at - time) < 60_000);
    if (asked.length >= mostPerMinute)
      return deny(`People were asked ${mostPerMinute} times within a minute. Ask again later.`);
    const info = workspaces.list().find(({ state }) => state.session?.id === sessionId);
    const ref = info?.state.thread ?? (await desk());
    if (ref === null)
      return deny(
        'Nobody can be asked: no thread, no operator channel and no direct message can be posted to.',
      );
    asked.push(at);
    const { ask, ended } = await asks.open({
      key: randomUUID(),
      source: { kind: 'http', sessionId },
      // Without a thread of its own its card would be nowhere.
      workspace: info?.state.thread ? info.name : null,
      body: { kind: 'permission', request },
      ref,
      deadlineAt: now() + timeoutSeconds * 1000,
    });
    const withdraw = () => {
      asks
        .withdraw(ask.id, nobodyWaits)
        .catch((error: unknown) =>
          log.error({ err: describeError(error), ask: ask.id }, 'asks.withdraw.failed'),
        );
    };
    if (left.aborted) withdraw();
    else left.addEventListener('abort', withdraw, { once: true });
    const over = await ended;
    left.removeEventListener('abort', withdraw);
    // What was allowed before asks nobody.
    if (over.by === 'rule' && asked.includes(at)) asked = asked.toSpliced(asked.lastIndexOf(at), 1);
    if (over.answer === 'session') await asks.allow(sessionId, request, over.by, false);
    return await answerOf(over, (person) => chat.nameOf(person));
  };
}

/** Who asks, and for what in its own words: any program of this machine may. Pure. */
export function showCaller(ask: Ask, card: Card): Card {
  if (ask.source.kind !== 'http' || ask.body.kind !== 'permission') return card;
  return {
    ...card,
    facts: [
      oneLine(showUnseen(ask.body.request.permission).text, 100),
      `session ${ask.source.sessionId}`,
      ...(card.facts ?? []),
    ],
  };
}

/** Callers of an earlier life have lost their connection with it. Call it after `asks.resumeAll`. */
export async function withdrawOldCalls(asks: Pick<Asks, 'pending' | 'withdraw'>): Promise<void> {
  for (const { id, source } of asks.pending())
    if (source.kind === 'http') await asks.withdraw(id, nobodyWaits);
}

async function answerOf(ask: Ask, nameOf: (person: string) => Promise<string>): Promise<PermissionAnswer> {
  const { answer, by, note } = ask;
  if (answer !== 'once' && answer !== 'session') {
    if (answer === null) return deny(note);
    if (by === 'deadline') return deny(`${note} Denied: go on without it or ask later.`);
    const name = await nameOf(by);
    return deny(note === '' ? `${name} denied this.` : note, name);
  }
  if (by === 'rule')
    return { decision: 'allow', scope: 'session', reason: 'Allowed for the session before.', by: '' };
  const name = await nameOf(by);
  const scope = answer === 'once' ? 'once' : 'for the session';
  return { decision: 'allow', scope: answer, reason: `${name} allowed this ${scope}.`, by: name };
}

function deny(reason: string, by = ''): PermissionAnswer {
  return { decision: 'deny', scope: null, reason, by };
}
