import type { Routing, WorkAgent } from '../kit/work.ts';
import { defaultRoutingRules, type RoutingRules } from './routing-rules.ts';

/** Words of the description count half: people put what matters into the title. */
const descriptionShare = 0.5;
/** How fast evidence convinces: one keyword of weight 2 gives 0.7, two give 0.91. */
const conviction = 0.6;
const mostConfident = 0.97;

/**
 * Suggests the agent for a task (SE-1). Confidence is the evidence for the agent times its share of all evidence.
 * The reason names the keywords that were found.
 */
export function decideRouting(
  task: { readonly title: string; readonly description?: string },
  rules: RoutingRules = defaultRoutingRules,
): Routing {
  const scores = new Map<WorkAgent, { score: number; found: Set<string>; topics: Set<string> }>();
  const count = (text: string, share: number) => {
    for (const { agent, topic, weight, keywords } of rules.rules) {
      const entry = scores.get(agent) ?? { score: 0, found: new Set(), topics: new Set() };
      for (const keyword of keywords) {
        const hit = findKeyword(text, keyword);
        if (hit === null || entry.found.has(hit)) continue;
        entry.found.add(hit);
        entry.topics.add(topic);
        entry.score += weight * share;
        scores.set(agent, entry);
      }
    }
  };
  count(task.title, 1);
  count(task.description ?? '', descriptionShare);

  const total = [...scores.values()].reduce((sum, { score }) => sum + score, 0);
  const [agent, best] = [...scores].reduce<[WorkAgent, { score: number } & Partial<Found>]>(
    (lead, [name, entry]) => (entry.score > lead[1].score ? [name, entry] : lead),
    [rules.default, { score: 0 }],
  );
  const share = total === 0 ? 0 : best.score / total;
  const confidence = Math.min(mostConfident, (1 - Math.exp(-conviction * best.score)) * share);
  return {
    agent: confidence === 0 ? rules.default : agent,
    confidence: Math.round(confidence * 100) / 100,
    reason: explain(best, confidence < rules.confidentFrom),
    decidedBy: 'rules',
  };
}

interface Found {
  readonly found: ReadonlySet<string>;
  readonly topics: ReadonlySet<string>;
}

function explain({ found = new Set(), topics = new Set() }: Partial<Found>, unsure: boolean): string {
  const words = [...found].map((word) => `“${word}”`).join(', ');
  if (unsure) return `insufficient context for confident routing${words === '' ? '' : ` (only ${words})`}`;
  return `${[...topics].join(' and ')}: ${words}`;
}

const shapes = new Map<string, RegExp>();

/** @returns the words as they stand in the text, in lower case */
function findKeyword(text: string, keyword: string): string | null {
  let shape = shapes.get(keyword);
  if (shape === undefined) {
    const open = keyword.endsWith('*');
    const literal = (open ? keyword.slice(0, -1) : keyword).replaceAll(
      /[\\^$.*+?()[\]{}|]/g,
      String.raw`\$&`,
    );
    shape = new RegExp(
      String.raw`(?<![\p{L}\p{N}])${literal}${open ? String.raw`[\p{L}\p{N}]*` : ''}(?![\p{L}\p{N}])`,
      'iu',
    );
    shapes.set(keyword, shape);
  }
  return shape.exec(text)?.[0].toLowerCase() ?? null;
}
