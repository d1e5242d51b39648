import type { BridgeEvent } from '../protocol.ts';

export interface Milestone {
  readonly id: string;
  readonly session_id: string;
  readonly text: string;
  /** Unix ms. */
  readonly at: number;
}

/** What OpenCode would not tell again: the milestones of this run, and how far the todo lists are. */
export interface Memory {
  /** Takes what it keeps of an event. */
  note(event: BridgeEvent): void;
  milestones(): Milestone[];
  todos(): { session_id: string; done: number; total: number }[];
}

const maxMilestones = 200;
const maxTodos = 500;

export function createMemory(now: () => number): Memory {
  const milestones: Milestone[] = [];
  const todos = new Map<string, { done: number; total: number }>();
  return {
    note(event) {
      if (event.kind === 'agent.milestone' && event.call_id !== undefined) {
        milestones.push({ id: event.call_id, session_id: event.session_id, text: event.text, at: now() });
        if (milestones.length > maxMilestones) milestones.shift();
      }
      if (event.kind === 'todo.updated') {
        // Set anew, the latest are the last to be forgotten.
        todos.delete(event.session_id);
        todos.set(event.session_id, { done: event.done, total: event.total });
        const [oldest] = todos.keys();
        if (todos.size > maxTodos && oldest !== undefined) todos.delete(oldest);
      }
    },
    milestones: () => [...milestones],
    todos: () => [...todos].map(([session_id, counts]) => ({ session_id, ...counts })),
  };
}
