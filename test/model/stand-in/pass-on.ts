import type { Step } from '../step.ts';
import type { ModelTurn } from '../turn.ts';
import { say } from './speak.ts';

/** What the thread shows already is not said again. */
const alreadyShown =
  /sees this in the thread already|A card with a button was posted|A card in the thread shows/;

/** Calls a tool and tells what it said, unless the thread shows it. @param before steps that went before */
export function passOn(
  turn: ModelTurn,
  name: string,
  args: Record<string, unknown>,
  render: (result: string) => string = (result) => result,
  before: readonly Step[] = [],
): Step[] {
  if (!turn.tools.includes(name))
    return say(turn, `I would call \`${name}\` for this, but it is not among the tools I was given.`);
  const result = turn.toolResults[before.length] ?? '';
  const ending = alreadyShown.test(result) ? [{}] : say(turn, render(result));
  return [...before, { tools: [{ name, args }] }, ...ending];
}
