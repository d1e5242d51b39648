import { setTimeout as pause } from 'node:timers/promises';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import { line } from '../../watcher/words.ts';
import type { WorkPorts } from './ports.ts';
import type { Activity } from './record.ts';

type Line = Activity['lines'][number];

/** Lines kept for read_events, per workspace. */
const lineLimit = 200;
/** A burst of tool calls is written in one go. */
const writeAfterMs = 200;

/** What lately happened in each workspace. */
export interface Lines {
  /** Returns at once; written soon. A kill loses no more than the last moment of it. */
  readonly remember: (name: string, text: string) => void;
  /** Oldest first, with those not written yet. */
  recent(name: string): Promise<readonly Line[]>;
}

export function createLines({ activity, log, now }: Pick<WorkPorts, 'activity' | 'log' | 'now'>): Lines {
  const unwritten = new Map<string, Line[]>();

  const write = async (name: string): Promise<void> => {
    await pause(writeAfterMs, undefined, { ref: false });
    const added = unwritten.get(name) ?? [];
    unwritten.delete(name);
    await activity.update(
      name,
      (before) => ({
        todo: before?.todo ?? null,
        lines: [...(before?.lines ?? []), ...added].slice(-lineLimit),
      }),
      { durable: false },
    );
  };

  return {
    remember(name, text) {
      const entry = { at: new Date(now()).toISOString(), text: line(text).slice(0, 500) };
      const waiting = unwritten.get(name);
      if (waiting !== undefined) {
        waiting.push(entry);
        if (waiting.length > lineLimit) waiting.shift();
        return;
      }
      unwritten.set(name, [entry]);
      write(name).catch((error: unknown) =>
        log.error({ err: describeError(error), workspace: name }, 'work.activity.lost'),
      );
    },
    async recent(name) {
      const written = (await activity.get(name))?.lines ?? [];
      return [...written, ...(unwritten.get(name) ?? [])].slice(-lineLimit);
    },
  };
}
