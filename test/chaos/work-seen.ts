/** A job of the chaos at work, and what can be seen of it from outside: Slack, its state file, OpenCode's own record. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'yaml';
import { type WorkspaceState, workspaceStateSchema } from '../../mcp-servers/kit/work.ts';
import type { StoredMessage } from '../slack/store/model.ts';
import type { SlackServer } from '../slack/types.ts';
import type { Ground } from '../support/git-ground.ts';
import type { ChaosStage } from './stage.ts';
import type { Duty } from './work-agents.ts';

interface Place {
  readonly channel: string;
  readonly root: string;
}

export interface Job {
  readonly name: string;
  /** From 1. */
  readonly number: number;
  readonly duty: Duty;
  readonly project: string;
  readonly workspace: string;
  /** Where it is to be plugged in now. */
  at: Place;
  /** Every thread it was ever in, in order. */
  readonly threads: Place[];
  /** Somebody wants it in a lab. */
  deployed: boolean;
  /** Clicks on [Run tests] that were taken. */
  tested: number;
  /** Clicks that a life took. */
  readonly taken: Set<string>;
}

export interface Seen {
  readonly chaos: ChaosStage;
  readonly ground: Ground;
  readonly jobs: readonly Job[];
}

/** Our messages in its threads that everybody sees. */
export function toldOf(slack: SlackServer, { threads }: Job): StoredMessage[] {
  return threads
    .flatMap(({ channel, root }) => slack.thread(channel, root))
    .filter(({ bot, ephemeralTo }) => bot && ephemeralTo === undefined);
}

/** Those that show it. */
export function shownIn(slack: SlackServer, job: Job, what: RegExp): StoredMessage[] {
  return toldOf(slack, job).filter((message) => what.test(textOf(message)));
}

/** Cards that offer one of these buttons, by its action. */
export function cardsOf(slack: SlackServer, job: Job, ...actions: readonly string[]): StoredMessage[] {
  return shownIn(slack, job, new RegExp(`"action_id":"(${actions.join('|').replaceAll('.', '\\.')})"`));
}

export function readState({ ground }: Pick<Seen, 'ground'>, job: Job): WorkspaceState | undefined {
  try {
    const text = readFileSync(join(ground.builders, job.workspace, '.session-state.yaml'), 'utf8');
    return workspaceStateSchema.parse(parse(text));
  } catch {
    return undefined;
  }
}

/** Every part of its sessions' messages, as OpenCode keeps them (JSON), oldest first. */
export function partsOf({ chaos, ground }: Pick<Seen, 'chaos' | 'ground'>, { workspace }: Job): string[] {
  const parts =
    'select part.data from part join session on session.id = part.session_id where directory = ? order by part.id';
  return query(chaos.stateDir, parts, join(ground.builders, workspace));
}

export function query(stateDir: string, sql: string, argument: string): string[] {
  const file = join(stateDir, 'host', 'data', 'opencode', 'opencode.db');
  using db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare(sql).all(argument);
  return rows.map(({ data }) => String(data));
}

export function textOf({ text, blocks }: StoredMessage): string {
  return `${text} ${JSON.stringify(blocks)}`;
}
