import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWorker } from '../model/stand-in/worker.ts';
import type { Brain } from '../model/step.ts';
import { openRoom, textOf } from './use-stage.ts';
import { calm, timeless, useWork } from './use-work.ts';

/** Shorter than a setting may be. */
const threeSeconds = { ...calm, deadline: { wallMinutes: 0.05 } };
const style = {
  header: 'Style',
  question: 'Which style?',
  options: [
    { label: 'REST (Recommended)', description: '' },
    { label: 'gRPC', description: '' },
  ],
};

/** Asks, then works for longer than anybody waits. */
const brain: Brain = (turn) => {
  if (!isWorker(turn) || !/^Task: long style/m.test(turn.said)) return undefined;
  if (turn.toolResults.length === 0) return { tools: [{ name: 'question', args: { questions: [style] } }] };
  const command = 'cd repos/web && echo half > half.txt && sleep 600 && echo more > more.txt';
  return { tools: [{ name: 'bash', args: { command, description: 'long' } }] };
};

const work = useWork(7, {
  brain,
  config: {
    policy: { ...calm, deadline: { wallMinutes: 600 } },
    projects: [
      {
        name: 'ai-dev/domain-apis',
        repositories: ['domain-apis'],
        policy: threeSeconds,
      },
      {
        name: 'ai-dev/web',
        repositories: ['web'],
        policy: { ...calm, deadline: 'continue-immediately' },
      },
    ],
  },
});
const limitMs = 600_000;

/** Short ids and clock times differ from run to run. */
function steady(story: string): string {
  return timeless(story).replaceAll(/\b(ask_|ask\/|assumed\/|questions-)[0-9a-f]{12}\b/g, '$1ID');
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
}

/** Starts a session by words. @returns its thread, and where its repository is */
async function start(room: string, task: string, project: string): Promise<{ ts: string; folder: string }> {
  const { slack, press, root } = work();
  const ts = await slack.as('U_ANNA').post(room, `@frontdesk start ${task} in ${project}`);
  await press('U_ANNA', room, ts, 'Start');
  const slug = task.toLowerCase().replaceAll(' ', '-');
  return { ts, folder: join(root, '.builders', `ai-dev-${project}-${slug}`, 'repos', project) };
}

describe('deadlines', () => {
  it(
    'AS-3, AS-4: nobody answers; work goes on with ⭐; a late other answer is redone from there, both branches stay',
    async () => {
      const { sees, press, story } = work();
      const room = openRoom(work());
      const { ts, folder } = await start(room, 'ask me which database', 'domain-apis');
      await sees(room, ts, '⏰ Nobody answered');
      await sees(room, ts, 'has finished its turn');
      await sees(room, ts, 'idle · ask me');
      const assumed = git(folder, 'rev-parse', 'HEAD');
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/deadlines-nobody.txt');
      await press('U_BEN', room, ts, 'SQLite');
      await press('U_ANNA', room, ts, 'Redo from there');
      await sees(room, ts, '↩️');
      await sees(room, ts, 'has finished its turn', 2);
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/deadlines-redo.txt');
      const branches = git(folder, 'branch', '--format=%(refname:short)').split('\n');
      expect(branches).toContain('frontdesk/ai-dev-domain-apis-ask-me-which-database');
      const kept = branches.find((name) => name.startsWith('frontdesk/assumed/')) ?? '';
      expect(git(folder, 'rev-parse', kept)).toBe(assumed);
      const [tag = ''] = git(folder, 'tag', '--list', 'frontdesk/ask/*').split('\n');
      git(folder, 'merge-base', '--is-ancestor', tag, 'HEAD');
      expect(git(folder, 'log', '--format=%s', `${tag}..HEAD`)).not.toBe('');
    },
    limitMs,
  );

  it(
    'AS-3, AS-4: continue-immediately: it does not wait, and a late answer is told to the agent',
    async () => {
      const { sees, press, story } = work();
      const room = openRoom(work());
      const { ts, folder } = await start(room, 'ask me which algorithm', 'web');
      await sees(room, ts, 'has finished its turn');
      const before = git(folder, 'rev-parse', 'HEAD');
      await press('U_ANNA', room, ts, 'HS256');
      await press('U_ANNA', room, ts, 'Tell the agent');
      await sees(room, ts, '✉️');
      await sees(room, ts, 'has finished its turn', 2);
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/deadlines-tell.txt');
      git(folder, 'merge-base', '--is-ancestor', before, 'HEAD');
    },
    limitMs,
  );

  it(
    'AS-4: redone while the agent works on what it assumed: its turn and its tools end first',
    async () => {
      const { slack, sees, press } = work();
      const room = openRoom(work());
      const { ts, folder } = await start(room, 'long style', 'web');
      await slack.until(() => existsSync(join(folder, 'half.txt')), 'the work');
      await press('U_ANNA', room, ts, 'gRPC');
      await press('U_ANNA', room, ts, 'Redo from there');
      await sees(room, ts, '↩️');
      await sees(room, ts, 'has finished its turn');
      expect(existsSync(join(folder, 'half.txt'))).toBe(false);
      const [kept = ''] = git(
        folder,
        'branch',
        '--list',
        'frontdesk/assumed/*',
        '--contains',
        'HEAD~1',
        '--format=%(refname)',
      )
        .split('\n')
        .filter((name) => git(folder, 'ls-tree', '--name-only', name).includes('half.txt'));
      expect(git(folder, 'show', `${kept}:half.txt`)).toBe('half');
    },
    limitMs,
  );

  it(
    'AS-3: a permission nobody gives is denied with the reason, and the agent goes on without',
    async () => {
      const { sees, story } = work();
      const room = openRoom(work());
      const { ts } = await start(room, 'ask for permission', 'domain-apis');
      await sees(room, ts, '⏰ Nobody answered; denied');
      await sees(room, ts, 'has finished its turn');
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/deadlines-denied.txt');
    },
    limitMs,
  );

  it(
    'AS-5: one question is discussed in a thread of its own, and answered there; six are a document',
    async () => {
      const { slack, sees, press, story, settled } = work();
      const room = openRoom(work());
      const anna = slack.as('U_ANNA');
      const { ts } = await start(room, 'ask me which database', 'reports');
      await press('U_ANNA', room, ts, 'Discuss');
      const find = () => slack.messages(room).find((message) => textOf(message).includes('💬'));
      const { ts: there } = await slack.until(find, 'the discussion');
      await sees(room, there, 'Talk it over here');
      await slack.as('U_BEN').post(room, 'I would keep it small', { threadTs: there });
      await sees(room, there, 'Use as answer');
      await sees(room, ts, '🙋 Waits for an answer');
      await expect(steady(await story(room, there))).toMatchFileSnapshot('golden/deadlines-discussing.txt');
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/deadlines-asked.txt');
      await anna.post(room, 'answer: SQLite', { threadTs: there });
      await sees(room, there, 'chose SQLite');
      await sees(room, ts, 'has finished its turn');
      await expect(steady(await story(room, there))).toMatchFileSnapshot('golden/deadlines-discussion.txt');
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/deadlines-discussed.txt');

      const { ts: six } = await start(room, 'ask six things', 'reports');
      const { files } = await slack.until(
        () => slack.thread(room, six).find((message) => message.files.length > 0),
        'the document',
        120_000,
      );
      const [file] = files;
      const text = Buffer.from(file?.content ?? []).toString();
      const name = file?.name ?? '';
      const upload = async (content: string) =>
        await anna.post(room, '', { threadTs: six, files: [{ name, content: Buffer.from(content) }] });
      const filled = text.replaceAll(/^(Answer[^:\n]*): $/gm, '$1: 1').replace('Answer: 1', 'Answer: 9');
      await upload(filled);
      await sees(room, six, 'there is no option 9');
      await upload(filled.replace('Answer: 9', 'Answer: SQLite'));
      await sees(room, six, 'has finished its turn');
      await settled(room, six);
      await expect(steady(await story(room, six))).toMatchFileSnapshot('golden/deadlines-document.txt');
    },
    limitMs,
  );

  it(
    'AS-7: another tool asks over HTTP: refused when malformed; else a person’s tap is its answer',
    async () => {
      const { desk, slack, settled, transcript } = work();
      const ask = async (body: object) => {
        const response = await fetch(`${desk.url}/api/permissions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        return { status: response.status, body: await response.json() };
      };
      const call = { sessionId: 'tool_0001', permission: 'deploy', command: 'kubectl apply -f app.yaml' };
      expect(await ask({ ...call, sessionId: '../x' })).toMatchObject({ status: 400 });
      const answer = ask(call);
      const find = () => slack.messages('D_ANNA').find((message) => textOf(message).includes('kubectl'));
      const { ts } = await slack.until(find, 'the card');
      await slack.as('U_ANNA').click('D_ANNA', ts, 'Allow once');
      expect(await answer).toMatchObject({
        status: 200,
        body: { decision: 'allow', scope: 'once', by: 'Anna' },
      });
      await settled('D_ANNA', '');
      await expect(steady(transcript('D_ANNA'))).toMatchFileSnapshot('golden/deadlines-http.txt');
    },
    limitMs,
  );
});
