/** The stand-in and labs and tests: one rule for each thing people say about them. */
import { passOn } from './pass-on.ts';
import type { Rule } from './rule.ts';

export const labRules: readonly Rule[] = [
  {
    match: /^(please )?deploy\b/i,
    example: 'deploy it',
    does: 'calls `lab_deploy`: a card with its steps, then the URL',
    steps: (turn) => passOn(turn, 'lab_deploy', {}),
  },
  {
    match:
      /^(please )?(run|start) (the |all |its )*((?<suite>unit|integration|acceptance) )?tests?\b|^tests?[.!]?$/i,
    example: 'run the unit tests',
    does: 'calls `tests_run`; also `run the acceptance tests`, against the lab',
    steps: (turn, { suite }) =>
      passOn(turn, 'tests_run', suite === undefined ? {} : { suite: suite.toLowerCase() }),
  },
  {
    match: /\btest results\b|\bdid the tests pass\b/i,
    example: 'did the tests pass?',
    does: 'calls `tests_results`',
    steps: (turn) => passOn(turn, 'tests_results', {}),
  },
  {
    match: /\blab status\b|\bhow is the lab\b|\bis it (up|deployed)\b/i,
    example: 'lab status',
    does: 'calls `lab_status`',
    steps: (turn) => passOn(turn, 'lab_status', {}, renderLabs),
  },
  {
    match: /\b(which|what|list( all| the)?) labs\b/i,
    example: 'which labs are there?',
    does: 'calls `lab_list`',
    steps: (turn) => passOn(turn, 'lab_list', {}, renderLabs),
  },
  {
    match: /^(please )?(show )?(me )?(the )?(last )?(lab |app )?logs?\W*$/i,
    example: 'show me the logs',
    does: 'calls `lab_logs`',
    steps: (turn) => passOn(turn, 'lab_logs', {}, (lines) => `\`\`\`\n${lines}\n\`\`\``),
  },
  {
    match: /\b(clean ?up|clean|remove|take down) the lab\b|^undeploy\b/i,
    example: 'clean up the lab',
    does: 'calls `lab_cleanup`, which asks for your click',
    steps: (turn) => passOn(turn, 'lab_cleanup', {}),
  },
];

const shown =
  /"workspace":\s*"(?<workspace>[^"]+)"[\s\S]*?"status":\s*"(?<status>\w+)",\s*"url":\s*(null|"(?<url>[^"]+)")/g;

function renderLabs(result: string): string {
  const labs = [...result.matchAll(shown)].map(({ groups }) => {
    const { workspace = '', status = '', url } = groups ?? {};
    return `- \`${workspace}\`: ${status}${url === undefined ? '' : `, ${url}`}`;
  });
  // An error, in words.
  if (labs.length === 0) return result.trimStart().startsWith('{') ? 'There is no lab yet.' : result;
  return labs.join('\n');
}
