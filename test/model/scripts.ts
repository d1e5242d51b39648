import type { Brain, PlainStep, Step } from './step.ts';
import type { ModelTurn } from './turn.ts';

/** A text or pattern is looked for in what the person said; a function sees the whole turn. */
export type ScriptMatch = string | RegExp | ((turn: ModelTurn) => boolean);
export type ScriptSteps = readonly Step[] | ((turn: ModelTurn) => Step);

/** Answered when a turn asks for more steps than its script has: loud in any transcript. */
const scriptOver: Step = { text: 'script over' };
const fallback: Step = { text: 'ok' };

export interface Scripts {
  add(match: ScriptMatch, steps: ScriptSteps): void;
  /** The first script registered that matches, else the brain, else "ok". */
  stepFor(turn: ModelTurn): Step;
  clear(): void;
}

export function createScripts(brain?: Brain): Scripts {
  let scripts: { match: ScriptMatch; steps: ScriptSteps }[] = [];
  return {
    add: (match, steps) => void scripts.push({ match, steps }),
    clear: () => void (scripts = []),
    stepFor(turn) {
      if (turn.kind === 'title') return { text: 'A title' };
      if (turn.kind === 'compaction') return { text: 'A summary of the conversation.' };
      const script = scripts.find(({ match }) => applies(match, turn));
      if (!script) return brain?.(turn) ?? fallback;
      if (typeof script.steps === 'function') return script.steps(turn);
      return remaining(script.steps, turn)[turn.step] ?? scriptOver;
    },
  };
}

/**
 * A resumed turn runs its script again, but an agent told what it already posted does not post it again:
 * steps that only repeat it are left out.
 */
function remaining(steps: readonly Step[], turn: ModelTurn): readonly Step[] {
  if (!turn.resumed) return steps;
  return steps.filter((step) => {
    const tools = 'tools' in step ? (step.tools ?? []) : [];
    return tools.length === 0 || !tools.every(({ args }) => isPosted(args['text'], turn.posted));
  });
}

/** The service shortens and normalises what it quotes. */
function isPosted(text: unknown, posted: readonly string[]): boolean {
  if (typeof text !== 'string') return false;
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('<', '‹').replaceAll('>', '›');
  return posted.some(
    (quoted) => quoted === line || (quoted.endsWith('…') && line.startsWith(quoted.slice(0, -1))),
  );
}

function applies(match: ScriptMatch, turn: ModelTurn): boolean {
  if (typeof match === 'string') return turn.said.includes(match);
  // A sticky or global pattern would remember where it last matched.
  if (match instanceof RegExp) return turn.said.search(match) >= 0;
  return match(turn);
}

export interface FaultCounter {
  /** @returns the step to perform now: the fault while its `times` last, then what comes after it. */
  settle(step: PlainStep, turn: ModelTurn): Step;
  clear(): void;
}

/**
 * The only memory of the model: a retry is the same request, so how often a fault was served has to be
 * counted. Counted per session, message and step.
 */
export function createFaultCounter(): FaultCounter {
  const served = new Map<string, number>();
  return {
    clear: () => served.clear(),
    settle(step, turn) {
      if (!('fault' in step)) return step;
      const times = step.times ?? (step.next ? 1 : Number.POSITIVE_INFINITY);
      const users = turn.history.filter((message) => message.role === 'user').length;
      const key = JSON.stringify([turn.sessionId, users, turn.userText, turn.step, step.fault, step.times]);
      const count = served.get(key) ?? 0;
      if (count >= times) return step.next ?? fallback;
      served.set(key, count + 1);
      return step;
    },
  };
}
