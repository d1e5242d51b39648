/** What must be true of a job's lab and its tests, once all is quiet. */
import { z } from 'zod';
import { deploymentSchema } from '../../mcp-servers/kit/lab.ts';
import { cardsOf, type Seen, type Job, readState, shownIn, textOf } from './work-seen.ts';

const stateSchema = z.object({
  lab: z.looseObject({ id: z.string(), status: deploymentSchema.shape.status }).nullish(),
  tests: z.array(z.object({ id: z.string(), text: z.string() })).default([]),
});

/** A deploy came to one end and said so once; tests have a result each, on their card, in the state file and told. */
export function labProblems(stage: Seen, job: Job): string[] {
  const { slack } = stage.chaos;
  const { lab, tests } = stateSchema.parse(readState(stage, job) ?? {});
  const cards = shownIn(
    slack,
    job,
    /"action_id":"lab\.(?:cancel|tests|retry|redeploy)"|Deployment failed -|🧹 The lab is/u,
  ).filter((message) => !/\(`ai-dev|"lab\.tests-/.test(textOf(message)));
  const told = shownIn(slack, job, /(?:✅ Deployment ready|❌ Deployment failed)[^"]*\(`/u);
  const testCards = cardsOf(slack, job, 'lab.tests-again', 'lab.tests-stop');
  const testsTold = shownIn(slack, job, /Milestone: All tests passing|Tests were interrupted[^"]*\(`/u);
  const wrong = (what: string, count: number, wanted: number) =>
    count === wanted ? [] : [`${job.name}: ${what} ${count} times, not ${wanted}`];
  const wanted = job.deployed ? 1 : 0;
  const isOver =
    lab === undefined || lab === null ? !job.deployed : !['deploying', 'down'].includes(lab.status);
  return [
    ...(isOver ? [] : [`${job.name}: its lab is ${lab?.status ?? 'not there'}`]),
    ...wrong('cards of deploys', cards.length, wanted),
    ...wrong('ends of deploys', told.length, wanted),
    ...wrong('tests under way', cardsOf(slack, job, 'lab.tests-stop').length, 0),
    ...wrong('results of tests', tests.length, testCards.length),
    ...wrong('tests told', testsTold.length, testCards.length),
    ...(testCards.length <= job.tested
      ? []
      : [`${job.name}: ${testCards.length} tests of ${job.tested} clicks`]),
  ];
}
