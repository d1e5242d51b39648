/** The card of tests, and their summary (TE-2). Pure. */
import type { Card, CardButton } from '../../mcp-servers/kit/chat.ts';
import { isRed, showTestRun, type TestRun } from '../../mcp-servers/kit/tests.ts';
import { literal } from '../../watcher/words.ts';
import { seconds } from './deploy-card.ts';
import { fenceLog, plainLine } from './log-text.ts';
import type { TestSession } from './record.ts';

const namesShown = 20;
const linesShown = 3;

export interface Summary {
  readonly text: string;
  /** At least one test was run, and none was red, missing or cut off (TE-3). */
  readonly green: boolean;
}

export function summarise({ status, note, runs }: Pick<TestSession, 'status' | 'note' | 'runs'>): Summary {
  const red = (text: string): Summary => ({ text, green: false });
  if (status === 'stopped') return red(`🗑️ Tests stopped by ${note}`);
  if (status === 'interrupted') return red('⚠️ Tests were interrupted by a restart; run them again');
  if (status === 'failed') return red(`❌ Tests could not be run: ${note}`);
  const counted = runs.reduce((sum, { counts }) => sum + (counts?.passed ?? 0), 0);
  const has = (...wanted: TestRun['status'][]) => runs.some((run) => wanted.includes(run.status));
  if (runs.some(isRed)) return red('⚠️ Some tests failing');
  if (has('lab_unreachable', 'interrupted', 'cancelled', 'running')) return red('⚠️ Some tests were not run');
  if (has('dependencies_missing'))
    return red(has('passed') ? '⚠️ Some tests were not run' : '⚠️ Tests skipped - dependencies missing');
  if (!has('passed')) return red('⏭️ Tests skipped');
  return { text: `🎉 All tests passing${counted > 0 ? ` (${counted}/${counted})` : ''}`, green: true };
}

/** @param now Unix ms @param last the runner's last line of output while it runs; '' for none */
export function testCard(session: TestSession, now: number, last = ''): Card {
  const { id, workspace, status, runs, startedAt, endedAt } = session;
  const facts = [workspace, seconds((endedAt ?? now) - startedAt)];
  const several = new Set(runs.map(({ repository }) => repository)).size > 1;
  const lines = runs.map((run) => describeRun(run, several)).join('\n');
  const button = (verb: string, label: string): CardButton => ({ action: `lab.${verb}`, label, value: id });
  if (status === 'running') {
    const tail = last === '' ? '' : fenceLog([last]);
    return {
      title: '🧪 Running tests…',
      body: [lines, tail].filter((part) => part !== '').join('\n\n'),
      facts,
      buttons: [button('tests-stop', 'Stop tests')],
    };
  }
  const { text, green } = summarise(session);
  const failing = runs.some(isRed);
  const untested = session.thenDeploy !== null && (failing || status !== 'done');
  return {
    title: text,
    body: lines,
    facts: [...facts, ...(untested ? ['not deployed'] : [])],
    buttons: [
      button('tests-again', 'Run again'),
      ...(failing && !green ? [button('tests-debug', 'Debug')] : []),
      ...(untested ? [button('tests-deploy', 'Deploy anyway')] : []),
    ],
  };
}

function describeRun(run: TestRun, several: boolean): string {
  // Lists: single line breaks are none in Markdown.
  const head = `- ${showTestRun(run)}${several ? ` · ${run.repository}` : ''}`;
  const failures = run.failures.slice(0, namesShown).flatMap(({ name, lines }) => {
    const first = lines
      .map((line) => plainLine(line).trim())
      .filter((line) => line !== '')
      .slice(0, linesShown);
    return [
      `  - ${literal(plainLine(name))}`,
      ...first.map((line) => `    - \`${line.replaceAll('`', "'").slice(0, 200)}\``),
    ];
  });
  const more = run.failures.length - namesShown;
  // Nothing is known of the single tests: the runner's own last words have to do.
  const words = run.failures.length === 0 && isRed(run) ? fenceLog(run.log.slice(-15), 1500) : '';
  return [
    head,
    ...failures,
    ...(more > 0 ? [`  - and ${more} more`] : []),
    ...(words === '' ? [] : ['', words, '']),
  ].join('\n');
}
