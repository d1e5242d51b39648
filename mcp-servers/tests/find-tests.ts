import type { Suite } from '../kit/tests.ts';
import path from 'node:path';
import { readFacts, type RepositoryFacts } from './facts.ts';
import { findPlan } from './runners/find-plan.ts';
import type { Plan } from './runners/plan.ts';

const manifest =
  /^([^/]+)\/(package\.json|pyproject\.toml|requirements\.txt|go\.mod|pom\.xml|\.frontdesk\.yaml)$/;

export interface Found {
  readonly facts: RepositoryFacts;
  readonly plan: Plan;
}

/**
 * How a suite of a repository is run; where its root has no tests, those of its one part that has (`web/`, `api/`).
 * @param folder absolute
 */
export async function findTests(folder: string, suite: Suite, reportFile: string): Promise<Found> {
  const request = { suite, reportFile };
  const facts = await readFacts(folder);
  const plan = findPlan(facts, request);
  if (plan.kind !== 'none' || plan.runner !== '') return { facts, plan };
  const parts = new Set(facts.files.flatMap((file) => manifest.exec(file)?.[1] ?? []));
  const found: (Found & { readonly part: string })[] = [];
  for (const part of parts) {
    const partFacts = await readFacts(path.join(folder, part));
    const partPlan = findPlan(partFacts, request);
    if (partPlan.kind !== 'none') found.push({ part, facts: partFacts, plan: shownIn(part, partPlan) });
  }
  const [only, ...others] = found;
  if (only === undefined) return { facts, plan };
  if (others.length === 0) return only;
  const names = found.map(({ part }) => part).join(', ');
  const reason = `several parts have ${suite} tests (${names}); say in .frontdesk.yaml how they are run (tests.${suite})`;
  return { facts, plan: { kind: 'none', runner: '.frontdesk.yaml', reason } };
}

function shownIn(part: string, plan: Plan): Plan {
  return plan.kind === 'none' ? plan : { ...plan, shown: `cd ${part} && ${plan.shown}` };
}
