/** Clicks and submitted forms, each handed to the room of the service whose it is. */
import type { Asker, Shown, Surfaces } from './surfaces.ts';

/** A room that people reach by buttons and forms; ids of its actions and forms begin with `<prefix>.`. */
export interface Room {
  readonly prefix: string;
  /** Safe to repeat. @returns what only the clicker gets to see: words, or a form */
  click(by: Asker, action: string, value: string): Promise<Shown>;
  submit?(by: Asker, callbackId: string, view: unknown): ReturnType<Surfaces['submit']>;
}

export interface Rooms {
  /** Whether a room has it; other clicks are the threads' own. */
  has(action: string): boolean;
  click: Room['click'];
  submit: NonNullable<Room['submit']>;
}

export function createRooms(rooms: readonly Room[]): Rooms {
  const find = (id: string) => rooms.find(({ prefix }) => id.startsWith(`${prefix}.`));
  return {
    has: (action) => find(action) !== undefined,
    click: async (by, action, value) => (await find(action)?.click(by, action, value)) ?? null,
    submit: async (by, callbackId, view) => (await find(callbackId)?.submit?.(by, callbackId, view)) ?? null,
  };
}
