import { type DestinationStream, type Logger, pino } from 'pino';

/** Structured log. Events are named `area.thing.verb`; ids go into fields. */
export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  /** Applied to every line before it is written, so that no secret reaches a log. */
  readonly redact: (line: string) => string;
  readonly destination?: DestinationStream;
}

/** @returns a JSON-lines log whose every line has passed `redact`. */
export function createLog({ level, redact, destination }: LogOptions): Log {
  const options = {
    level,
    base: null,
    hooks: { streamWrite: redact },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** @returns a log that writes nothing. */
export function createSilentLog(): Log {
  return pino({ level: 'silent' });
}
