import type { Room } from '../slack-in/rooms.ts';
import type { LabDesk } from './contract.ts';

/** Clicks on the cards of labs and tests. */
export function createLabRoom(desk: Pick<LabDesk, 'click'>): Room {
  return { prefix: 'lab', click: async (by, action, value) => await desk.click(by, action, value) };
}
