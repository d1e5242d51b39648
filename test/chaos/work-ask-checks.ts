/** What must be true of what a job's agent asked, once all is quiet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { questionOf } from './work-agents.ts';
import { type Seen, type Job, partsOf, readState, shownIn, textOf } from './work-seen.ts';

const partSchema = z.looseObject({
  type: z.string(),
  tool: z.string().optional(),
  text: z.string().optional(),
  state: z.looseObject({ status: z.string(), output: z.string().optional() }).optional(),
});
type Part = z.infer<typeof partSchema>;

const statesSchema = z.array(z.object({ id: z.string(), status: z.string() })).default([]);

/** Each was shown on one card, decided once, and reached the agent once as it was decided. */
export function askProblems(stage: Seen, job: Job): string[] {
  const { name, workspace, duty } = job;
  const cards = shownIn(stage.chaos.slack, job, new RegExp(`(?:❓|🔐) ${workspace} (?:ask|want)`, 'u')).map(
    textOf,
  );
  const states = statesSchema.parse(readState(stage, job)?.['asks']);
  const open = states.filter(({ status }) => status === 'open' || status === 'answered');
  const parts = partsOf(stage, job).map((part) => partSchema.parse(JSON.parse(part)));
  const cuts = shownIn(stage.chaos.slack, job, /was cut off when its host ended/u).length;
  // OpenCode may die with an answer that it took and did not store: then its agent asks once more. A question gets the same
  // answer, and nobody is asked twice (AS-6); what a permission allowed once may have run, so that is asked for anew.
  const [least, most] = duty === 'none' ? [0, 0] : [1, duty === 'permission' ? 1 + cuts : 1];
  const wrong = (what: string, count: number, wanted: number) =>
    count === wanted ? [] : [`${name}: ${what} ${count} times, not ${wanted}`];
  return [
    ...open.map(({ id, status }) => `${name}: ${id} is ${status} in its state file`),
    ...(cards.length >= least && cards.length <= most
      ? []
      : [`${name}: ${cards.length} cards of asks, not ${least} to ${most}`]),
    // What was allowed before OpenCode forgot it is allowed again without a card.
    ...(duty === 'permission' && states.length > cards.length
      ? []
      : wrong('asks in its state file', states.length, cards.length)),
    ...wrong('decided', cards.filter(isDecided).length, cards.length),
    ...(duty === 'question' || duty === 'patient' ? questionProblems(job, cards, parts) : []),
    ...(duty === 'permission' ? permissionProblems(stage, job, cards) : []),
  ];
}

function isDecided(card: string): boolean {
  return /(?:✅|🚫) (?:Anna|Ben)(?: chose|:)/u.test(card) && !card.includes('"ask.');
}

function questionProblems({ name }: Job, cards: readonly string[], parts: readonly Part[]): string[] {
  const heard = parts.flatMap(({ tool, state, type, text = '' }) => {
    const inPlace = tool === 'question' && state?.status === 'completed' ? (state.output ?? '') : '';
    const message = type === 'text' && text.startsWith('OpenCode was restarted after you asked') ? text : '';
    return [`${inPlace}${message}`].filter((words) => words.includes(questionOf(name)));
  });
  const colours = heard.map((words) => /\b(?:Red|Blue)\b/.exec(words)?.[0]);
  const chosen = cards.map((card) => /chose \*\*(?:⭐ )?(Red|Blue)/u.exec(card)?.[1]);
  return colours.length === 1 && colours[0] === chosen.at(-1)
    ? []
    : [`${name}: chosen ${chosen.join(', ')}, heard ${colours.join(', ') || 'nothing'}`];
}

/** It ran when it was allowed, and never otherwise. */
function permissionProblems({ ground }: Seen, { name, workspace }: Job, cards: readonly string[]): string[] {
  const allowed = cards.filter((card) => card.includes('allowed once')).length;
  const ran = linesOf(join(ground.builders, workspace, `sent-of-${name}`)).length;
  return ran <= allowed && (ran > 0 || allowed < cards.length)
    ? []
    : [`${name}: allowed ${allowed} times of ${cards.length}, ran ${ran} times`];
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}
