import type { Waiting } from '../work/waiting.ts';
import type { Room } from '../slack-in/rooms.ts';

/** Sessions begun in OpenCode's own UI: registered, asked nothing, and given a workspace before their first write (WS-6). */
export interface ExploringRoom extends AsyncDisposable {
  readonly room: Room;
  /** Takes up what an earlier process left. @returns how many wait for an answer or for their workspace */
  resumeAll(): Promise<number>;
  /** Cards that wait for a click, for those who look for them. */
  waiting(): readonly Waiting[];
  /** Every second: people who went away, starts that ended. */
  tick(): void;
}
