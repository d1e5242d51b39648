/** Sentences that are an order to the front desk, whatever else waits in the thread. Pure. */
import { longestCommand, parseMention } from './commands.ts';

/** What people put before and after an order, and what changes nothing of it. */
const before =
  /^(?:(?:ok|okay|hey|hi|bot|and|now|then|please|pls|just|can you|could you|would you|will you|let'?s)[,:]?\s+)+/;
const after = /(?:[,\s]+(?:please|pls|now|again|for me|for now|thanks|thank you|once more|right away))+$/;

const kinds = 'work|session|agent|workspace|lab|app|code|branch|project|thread|thing';
const things = `(?:it|this|that|them|all|everything|(?:the|this|that|its|my)\\s+(?:${kinds}))`;
const suites = '(?:all|all the|the|its|unit|integration|acceptance|the unit|the integration|the acceptance)';

/** In the words of the verbs (`commands.ts`), each with what may be said about it; `OBJ` is a thing or a workspace. */
const orders = [
  '(?:pause|resume|stop|end|deploy|redeploy|undeploy|promote|unplug|test|publish)(?: OBJ)?',
  'clean ?up(?: OBJ)?',
  'clean OBJ up',
  '(?:re)?deploy OBJ (?:to|in) (?:its|the|a) lab',
  `(?:re)?run (?:${suites} )?tests?(?: (?:of|for|in|on) OBJ)?`,
  `(?:test|tests) ${suites}`,
  '(?:plug|connect|move) OBJ(?: in)?(?: here| into this thread| to this thread)?',
  '(?:open|make|create) (?:a |the )?(?:pull request|pr)(?: (?:of|for) OBJ)?',
  '(?:list|show(?: me)?)(?: all)?(?: the)? (?:sessions|workspaces|labs)',
  "(?:(?:what'?s|what is|show(?: me)?|give me|tell me)(?: the| its)? )?(?:status|diff|changes|logs?)(?: (?:of|for) OBJ)?",
  '(?:where|how) (?:does|do|is|are) (?:OBJ )?(?:stand|standing|going|doing)',
  '(?:turn |switch )?(?:the )?(?:events|progress|event updates|progress lines) (?:on|off)',
  '(?:turn|switch) (?:on|off) (?:the )?(?:events|progress|event updates|progress lines)',
  '(?:show|hide)(?: me)?(?: the)? progress',
];

/**
 * Whether it can be nothing but an order: a verb of the front desk with at most a word for what it is about. What says more
 * than that ("deploy it to staging first") may be meant for the agent that asks, and is none.
 * @param workspaces names of those there are
 */
export function isOrder(text: string, workspaces: readonly string[]): boolean {
  if (text.length > longestCommand) return false;
  const words = text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[`“”"]/g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s.!?…]+$/, '')
    .trim();
  const bare = words.replace(before, '').replace(after, '');
  if (parseMention(bare, workspaces) !== null) return true;
  // A name is of `[a-z0-9-]` (WS-1): nothing in it means something to a pattern.
  const object = [things, ...workspaces].join('|');
  return orders.some((order) => new RegExp(`^(?:${order.replaceAll('OBJ', `(?:${object})`)})$`).test(bare));
}
