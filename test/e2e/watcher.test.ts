import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Step } from '../model/step.ts';
import type { ModelTurn } from '../model/turn.ts';
import { openRoom } from './use-stage.ts';
import { calm, useWork } from './use-work.ts';

const limitMs = 600_000;
const file = 'repos/web/src/login.js';

/** Works when the test lets it; everything else is left to the stand-in. */
function brain(turn: ModelTurn): Step | undefined {
  if (!turn.tools.includes('write')) return undefined;
  if (/boom/.test(turn.said)) {
    const body = '{"error":{"message":"no such model"}}';
    return { gate: 'boom', next: { fault: 'status', status: 400, body } };
  }
  if (/hold on/.test(turn.said)) return { gate: 'hold', next: { text: 'Held.' } };
  if (/Go on where/.test(turn.said)) return goOn[turn.step];
  return plan[turn.step] ?? { text: 'The login works.' };
}

const tool = (name: string, args: Record<string, unknown>) => ({ name, args });
const todo = (content: string) => ({ content, status: 'completed', priority: 'high' });
const plan: readonly Step[] = [
  {
    gate: 'begin',
    next: { tools: [tool('write', { filePath: file, content: 'export const login = 1;\n' })] },
  },
  { tools: [tool('read', { filePath: file })] },
  { tools: [tool('bash', { command: 'npm test --version', description: 'Run the tests' })] },
  { tools: [tool('read', { filePath: 'repos/web/none.js' })] },
  { tools: [tool('todowrite', { todos: [todo('form'), todo('check')] })] },
  { gate: 'reach', next: { tools: [tool('milestone', { text: 'The login form works' })] } },
];

const commit = 'git add -A && git -c user.name=W -c user.email=w@example.com commit -qm "Add the login page"';
const goOn: readonly Step[] = [
  {
    gate: 'resumed',
    next: { tools: [tool('bash', { command: commit, workdir: 'repos/web', description: 'Commit' })] },
  },
  { gate: 'closing', next: { text: 'All is in place.' } },
];

/** Lines of one turn, too. */
const policy = { ...calm, updates: { ...calm.updates, eventSeconds: 3600 } };

const pidOf = (stateDir: string): number =>
  (JSON.parse(readFileSync(join(stateDir, 'host', 'process.json'), 'utf8')) as { pid: number }).pid;

/** On a slow machine a host that was killed comes back later than is worth a word. */
const withoutAway = (text: string): string =>
  text.replaceAll(/^ {2}frontdesk: 🔌 .* is (away|back)\..*\n/gm, '');

describe('the watcher', () => {
  const work = useWork(5, { brain, config: { policy } });

  it(
    'WA-2, WA-3, WA-4, OUT-4: progress, milestones and the end, each once; then a crash, a restart, a killed host',
    async () => {
      const { slack, model, config, sees, press, story, settled, restart } = work();
      const room = openRoom(work());
      const anna = slack.as('U_ANNA');
      const ts = await anna.post(room, '@frontdesk start login page in web');
      await press('U_ANNA', room, ts, 'Start');
      await model.gate('begin').reached;
      await press('U_ANNA', room, ts, 'Show progress');
      await sees(room, ts, 'are on');
      model.gate('begin').open();
      await sees(room, ts, 'Implementation complete');
      await sees(room, ts, '🤔 Thinking. Last: ❌ Tool failed: read');
      model.gate('reach').open();
      await sees(room, ts, 'is complete (2/2 todos)');
      await sees(room, ts, 'complete · login page');
      await expect(await story(room, ts)).toMatchFileSnapshot('golden/watcher-progress.txt');

      await anna.post(room, '@frontdesk tell it to go boom', { threadTs: ts });
      await sees(room, ts, 'Passed on');
      await settled(room, ts);
      model.gate('boom').open();
      await sees(room, ts, 'crashed: ');
      await settled(room, ts);
      await restart();
      await press('U_ANNA', room, ts, 'Resume');
      await model.gate('resumed').reached;
      await sees(room, ts, 'todos 2/2');
      process.kill(pidOf(config.stateDir), 'SIGKILL');
      await sees(room, ts, 'it goes on');
      model.gate('resumed').open();
      await sees(room, ts, '1 commit in web: Add the login page');
      model.gate('closing').open();
      await sees(room, ts, 'All is in place.');
      await sees(room, ts, 'complete · login page');
      await expect(withoutAway(await story(room, ts))).toMatchFileSnapshot('golden/watcher-killed.txt');
    },
    limitMs,
  );
});

describe('the watcher of a host whose events never arrive', () => {
  let plugin = '';
  const work = useWork(5, {
    brain,
    config: { policy },
    async agents(folder) {
      plugin = join(folder, 'bridge', 'plugin.js');
      const whole = readFileSync(plugin, 'utf8');
      const deaf = whole.replace('ring.push(event);', '');
      if (deaf === whole) throw new Error('the bridge no longer tells in this way');
      writeFileSync(plugin, deaf);
    },
  });

  it(
    'WA-1, BR-3, SE-6: the same milestones and ends are told; its host is away for long, and back; paused from elsewhere',
    async () => {
      const { slack, model, config, sees, press, story, settled } = work();
      const room = openRoom(work());
      const ts = await slack.as('U_ANNA').post(room, '@frontdesk start login page in web');
      await press('U_ANNA', room, ts, 'Start');
      await model.gate('begin').reached;
      model.gate('begin').open();
      await sees(room, ts, 'Implementation complete');
      model.gate('reach').open();
      await sees(room, ts, 'is complete (2/2 todos)');
      await sees(room, ts, 'complete · login page');
      await slack.as('U_ANNA').post(room, '@frontdesk tell it to hold on', { threadTs: ts });
      await model.gate('hold').reached;
      await sees(room, ts, 'Passed on');
      await settled(room, ts);
      // It cannot come back without its bridge.
      renameSync(plugin, `${plugin}.away`);
      process.kill(pidOf(config.stateDir), 'SIGKILL');
      await sees(room, ts, 'is away');
      await sees(room, ts, 'unreachable · login page');
      renameSync(`${plugin}.away`, plugin);
      await sees(room, ts, 'it goes on');
      await model.gate('resumed').reached;
      await sees(room, ts, 'running · login page');
      await slack.as('U_BEN').slash('/opencode', 'pause login', room);
      await sees(room, ts, 'is paused');
      await sees(room, ts, 'paused · login page');
      await expect(await story(room, ts)).toMatchFileSnapshot('golden/watcher-no-events.txt');
    },
    limitMs,
  );
});
