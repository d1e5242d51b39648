import type { Room } from '../slack-in/rooms.ts';
import type { Work } from './contract.ts';

/** Clicks on the cards of work: starts, sessions, confirmations. Its forms are submitted through the surfaces. */
export function createWorkRoom(work: Work): Room {
  return {
    prefix: 'work',
    async click(by, action, value) {
      const told = await work.click(by, action, value);
      return told ? { text: told } : null;
    },
  };
}
