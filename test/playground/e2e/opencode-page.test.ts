/** OpenCode's own web page in a real browser, over the whole product (WS-6, SE-4). */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openUi } from '../../e2e/open-ui.ts';
import { openStage, type Stage } from '../../e2e/stage.ts';
import { textOf, until } from '../../e2e/use-stage.ts';
import { standIn } from '../../model/stand-in/brain.ts';
import { makeSampleRoot } from '../../try/sample-root.ts';
import { startBrowser, type TestBrowser } from './browser.ts';
import { openOpenCodePage } from './opencode-page.ts';

const limitMs = 240_000;
const password = 'a-password-of-the-tests';
const write = (filePath: string) => ({ name: 'write', args: { filePath, content: '<h1>New</h1>\n' } });
const anyQuestion = { question: 'Where?', header: 'Where', options: [{ label: 'Here', description: '' }] };

const messageSchema = z.object({
  info: z.object({ role: z.string(), agent: z.string().optional() }),
  parts: z.array(z.object({ text: z.string().optional() })),
});

describe("OpenCode's web page", () => {
  const stack = new AsyncDisposableStack();
  let stage: Stage;
  let root: string;
  let browser: TestBrowser;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'frontdesk-page-'));
    stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    root = await makeSampleRoot(join(folder, 'root'));
    stage = stack.use(
      await openStage({
        config: {
          workspaceRoot: root,
          hostPassword: password,
          openCodeUrl: 'http://opencode.test',
          awayMs: 4000,
        },
        slack: { clock: { now: Date.now, scale: 30 } },
      }),
    );
    browser = stack.use(await startBrowser());
    stage.model.script(/works in the workspace/, (turn) => {
      if (turn.step > 0) return { text: 'The page is there.' };
      const repository = turn.said.includes('domain-apis') ? 'domain-apis' : 'web';
      return { tools: [write(`repos/${repository}/src/new.html`)] };
    });
    stage.model.script('add a page', [
      { tools: [write('src/new.html')] },
      { tools: [{ name: 'question', args: { questions: [anyQuestion] } }] },
      { text: 'I wait.' },
    ]);
    stage.model.script('take your time', [{ gate: 'time', next: { text: 'I took it.' } }]);
    stage.model.script(/^add a footer/, [{ text: 'The footer is there.' }]);
    stage.model.script(/^look around/, [{ text: 'I looked around.' }]);
    stage.model.script(
      () => true,
      (turn) => standIn(turn) ?? {},
    );
  }, limitMs);
  afterAll(() => stack.disposeAsync());

  const folders = () => ['web', 'domain-apis'].map((name) => join(root, 'repos', name));
  const openPage = (url = openUi(stage, root).url) =>
    openOpenCodePage(browser, { url, password, folders: folders() });
  const workspace = (name: string) => join(root, '.builders', name);

  it(
    'WS-6, SE-3, SE-4: begun there, configured there by two clicks, moved; then driven from both sides at once, by the agent of its workspace',
    async () => {
      const { slack, model } = stage;
      const ui = await openPage();
      await ui.begin('web', 'Please add a page');
      await ui.sees('No workspace yet');
      await ui.sees('this session gets a workspace of its own. For which project?');
      await ui.sees('ai-dev/web (Recommended)');
      expect(existsSync(join(root, 'repos', 'web', 'src', 'new.html'))).toBe(false);
      await ui.press('Next');
      await ui.press('Submit');
      await ui.sees('The page is there.');
      await ui.sees('2 answered');
      await ui.sees('A title · ai-dev-web-a-title');
      expect(existsSync(join(workspace('ai-dev-web-a-title'), 'repos', 'web', 'src', 'new.html'))).toBe(true);
      const { ts } = await until(stage, 'D_ANNA', '', '→ ai-dev/web');
      await until(stage, 'D_ANNA', ts, 'has finished its turn');

      const anna = slack.as('U_ANNA');
      await anna.post('D_ANNA', '@frontdesk events on', { threadTs: ts });
      await until(stage, 'D_ANNA', ts, 'are on');
      await ui.say('take your time');
      await model.gate('time').reached;
      await anna.post('D_ANNA', 'tell it to add a footer', { threadTs: ts });
      await until(stage, 'D_ANNA', ts, 'it is busy and takes it up after what it does now');
      await ui.sees('add a footer');
      model.gate('time').open();
      await ui.sees('The footer is there.');
      await until(stage, 'D_ANNA', ts, 'The footer is there.');
      await until(stage, 'D_ANNA', ts, '💬 Said in OpenCode: take your time');
      expect(slack.transcript('D_ANNA', ts)).not.toContain('Said in OpenCode: add a footer');

      // The page sends on what the session was begun with, which nobody chose; what is new in it is chosen.
      await ui.choose({ from: 'build', to: 'plan' });
      await ui.say('look around');
      await ui.sees('I looked around.');
      const [, id] = /\/session\/(\w+)/.exec(ui.page.url()) ?? [];
      const messages = await openUi(stage, root).call('GET', `/session/${id}/message`);
      const prompts = z
        .array(messageSchema)
        .parse(messages)
        .filter(({ info }) => info.role === 'user');
      expect(prompts.map(({ info, parts }) => `${info.agent}: ${parts[0]?.text?.split('\n')[0]}`)).toEqual([
        'build: Please add a page',
        'builder: Task: A title',
        'builder: take your time',
        'builder: add a footer',
        'plan: look around',
      ]);

      const sessions = await ui.home('web');
      await sessions.getByText('A title · ai-dev-web-a-title').waitFor();
      // SE-3: as the thread's first message links it, for a browser that was never here.
      const first = await until(stage, 'D_ANNA', ts, 'http://opencode.test');
      const [, path] = /http:\/\/opencode\.test(\/[\w/-]+)/.exec(textOf(first)) ?? [];
      const linked = await openPage(`${openUi(stage, root).url}${path}`);
      await linked.page.getByRole('heading', { name: 'A title · ai-dev-web-a-title' }).waitFor();
      await linked.sees('The footer is there.');
    },
    limitMs,
  );

  it(
    'WS-6: the browser closed in the middle of the form: asked in Slack, and the page shows what was answered there',
    async () => {
      const { slack } = stage;
      const ui = await openPage();
      await ui.begin('domain-apis', 'Please add a page');
      await ui.sees('ai-dev/domain-apis (Recommended)');
      const address = ui.page.url();
      await ui.page.context().close();
      const { ts } = await until(stage, 'D_ANNA', '', 'wants to write');
      const again = await openPage(address);
      await again.sees('1 of 2 questions');
      await slack.as('U_ANNA').click('D_ANNA', ts, 'Use ai-dev/domain-apis');
      await again.sees('The page is there.');
      await again.sees('2 answered');
      await until(stage, 'D_ANNA', '', 'Configured by Anna');
      expect(slack.transcript('D_ANNA').match(/wants to write/g)).toBeNull();
      const folder = workspace('ai-dev-domain-apis-a-title');
      expect(existsSync(join(folder, 'repos', 'domain-apis', 'src', 'new.html'))).toBe(true);
    },
    limitMs,
  );
});
