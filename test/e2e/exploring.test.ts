/**
 * Sessions begun in OpenCode's own terminal UI (WS-6), with the real binary, typed into a terminal; and by `opencode run`.
 * Its web page: test/playground/e2e/opencode-page.test.ts.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findBinary } from '../../frontdesk/opencode/binary.ts';
import { makeSampleRoot } from '../try/sample-root.ts';
import { openUi } from './open-ui.ts';
import { openStage, type Stage } from './stage.ts';
import { openTerminal } from './terminal.ts';
import { until } from './use-stage.ts';

const run = promisify(execFile);
const limitMs = 600_000;
/** FRONTDESK_HOST_PASSWORD: with it people log in to the local host's OpenCode. */
const password = 'a-password-of-the-tests';
const page = (filePath: string) => ({ name: 'write', args: { filePath, content: '<h1>New</h1>\n' } });
const anyQuestion = { question: 'Where?', header: 'Where', options: [{ label: 'Here', description: '' }] };

const sessionsSchema = z.array(z.object({ id: z.string(), directory: z.string(), title: z.string() }));

describe("a session begun in OpenCode's own UI", () => {
  const stack = new AsyncDisposableStack();
  let stage: Stage;
  let root: string;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'frontdesk-exploring-'));
    stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    root = await makeSampleRoot(join(folder, 'root'));
    stage = stack.use(
      await openStage({
        config: { workspaceRoot: root, hostPassword: password },
        slack: { clock: { now: Date.now, scale: 30 } },
      }),
    );
    // What the sessions do once they are told that they have moved.
    stage.model.script(/works in the workspace/, (turn) => {
      if (turn.step > 0) return { text: 'It is there.' };
      const repository = turn.said.includes('domain-apis') ? 'domain-apis' : 'web';
      return { tools: [page(`repos/${repository}/src/new.html`)] };
    });
  }, limitMs);
  afterAll(() => stack.disposeAsync());

  const story = async (threadTs = '') => {
    await stage.settled('D_ANNA', threadTs);
    return stage
      .transcript('D_ANNA', threadTs || undefined)
      .replaceAll(/\bses_\w+/g, 'ses_ID')
      .replaceAll(root, 'ROOT');
  };
  /** The first thread in Anna's DM whose root has these words. */
  const threadWith = (words: string) => until(stage, 'D_ANNA', '', words);

  it(
    'WS-6: in the terminal UI it is asked there, moves into its workspace, and the write goes on',
    async () => {
      stage.model.script('add a page', [
        { tools: [{ name: 'bash', args: { command: 'ls', description: 'Looks' } }] },
        { tools: [page('src/new.html')] },
        { tools: [{ name: 'question', args: { questions: [anyQuestion] } }] },
        { text: 'I wait.' },
      ]);
      const began = join(root, 'repos', 'web');
      const ui = openUi(stage, began);
      expect(ui.password).toBe(password);
      const command = ['attach', ui.url, '--dir', began] as const;
      const env = { HOME: root, OPENCODE_SERVER_PASSWORD: password };
      await using terminal = openTerminal([findBinary(), ...command], { cwd: root, env });
      await terminal.shows('Ask anything');
      terminal.type('Please add a page');
      await terminal.shows('Please add a page');
      terminal.type('\r');
      await terminal.shows('ai-dev/web (Recommended)');
      expect(existsSync(join(began, 'src', 'new.html'))).toBe(false);
      terminal.type('\r');
      await terminal.shows('A title (Recommended)');
      terminal.type('\r');
      await terminal.shows('Review');
      terminal.type('\r');
      await terminal.shows('It is there.');
      const workspace = join(root, '.builders', 'ai-dev-web-a-title');
      const { ts } = await threadWith('A title');
      await until(stage, 'D_ANNA', ts, 'has finished its turn');
      expect(existsSync(join(workspace, 'repos', 'web', 'src', 'new.html'))).toBe(true);
      expect(execFileSync('git', ['status', '--porcelain'], { cwd: began, encoding: 'utf8' })).toBe('');
      const [moved] = sessionsSchema.parse(await openUi(stage, workspace).call('GET', '/session'));
      expect(moved).toMatchObject({ directory: workspace, title: 'A title · ai-dev-web-a-title' });
      expect(sessionsSchema.parse(await ui.call('GET', '/session'))).toEqual([]);
      expect(readFileSync(join(workspace, '.session-state.yaml'), 'utf8')).toContain(moved?.id);
      await expect(await story(ts)).toMatchFileSnapshot('golden/exploring-in-ui.txt');
    },
    limitMs,
  );

  it(
    'WS-6: in a terminal that shows no form it is asked in Slack, once, also after a restart',
    async () => {
      stage.model.script('fix the title', [
        { tools: [{ name: 'bash', args: { command: 'touch fixed', description: 'Fixes' } }] },
        { text: 'I may not write yet.' },
      ]);
      const began = join(root, 'repos', 'domain-apis');
      const { url } = openUi(stage, began);
      const command = ['run', '--attach', url, '--password', password, '--dir', began];
      const env = { HOME: root, PATH: process.env['PATH'] ?? '' };
      const running = run(findBinary(), [...command, '--title', 'Fix the title', 'fix the title'], {
        env,
        timeout: 120_000,
      });
      // It reads a prompt from there, too.
      running.child.stdin?.end();
      // What it prints of a turn that ends at once differs from run to run.
      await running;
      await until(stage, 'D_ANNA', '', 'wants to write');
      const shown = await story();
      await expect(shown.slice(shown.indexOf('frontdesk: ✋'))).toMatchFileSnapshot(
        'golden/exploring-asked.txt',
      );
      await stage.restart();
      const { ts: card } = await until(stage, 'D_ANNA', '', 'wants to write');
      const anna = stage.slack.as('U_ANNA');
      await anna.click('D_ANNA', card, 'Set up workspace');
      const form = await stage.slack.until(() => anna.modal(), 'the form');
      // What is not typed is as it was filled in.
      expect((await anna.submit(form.id, { priority: 'low' })).errors).toBeUndefined();
      const workspace = join(root, '.builders', 'ai-dev-domain-apis-fix-the-title');
      const { ts } = await threadWith('→ ai-dev/domain-apis');
      await until(stage, 'D_ANNA', ts, 'has finished its turn');
      await until(stage, 'D_ANNA', '', 'Configured by Anna');
      expect(existsSync(join(workspace, 'repos', 'domain-apis', 'src', 'new.html'))).toBe(true);
      expect(existsSync(join(began, 'fixed'))).toBe(false);
      const told = await story();
      const answered = told.slice(told.indexOf('frontdesk: ✅ Configured'));
      await expect(answered).toMatchFileSnapshot('golden/exploring-in-slack.txt');
    },
    limitMs,
  );
});
