import type { RepositoryFacts } from '../facts.ts';
import { go } from './go.ts';
import { jest } from './jest.ts';
import { maven } from './maven.ts';
import { node } from './node.ts';
import { npmScript } from './npm-script.ts';
import type { Plan, PlanRequest, Runner } from './plan.ts';
import { pytest } from './pytest.ts';
import { vitest } from './vitest.ts';
import { yamlCommand } from './yaml.ts';

/** The first that has something to run is taken: what people wrote down goes before what is guessed. */
const detected: readonly Runner[] = [npmScript, vitest, jest, node, pytest, go, maven];

/** Pure. */
export function findPlan(facts: RepositoryFacts, request: PlanRequest): Plan {
  const written = yamlCommand(facts, request);
  if (written !== null) return written;
  const plans = detected.map((runner) => runner(facts, request)).filter((plan) => plan !== null);
  return (
    plans.find(({ kind }) => kind !== 'none') ??
    plans[0] ?? {
      kind: 'none',
      runner: '',
      reason: `no ${request.suite} tests were found; say how they are run in .frontdesk.yaml (tests.${request.suite})`,
    }
  );
}
