import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEnclosure } from '../../../frontdesk/hosts/enclosure.ts';
import type { LocalHost } from '../../../frontdesk/hosts/local-host.ts';
import { findBinary } from '../../../frontdesk/opencode/binary.ts';
import { buildEnvironment } from '../../../frontdesk/opencode/environment.ts';
import { modelId, type Stage, startStage } from './rig.ts';

const run = promisify(execFile);
const bash = (command: string) => ({ name: 'bash', args: { command, description: 'test' } });

describe('work sessions on the local host', () => {
  const stack = new AsyncDisposableStack();
  let stage: Stage;
  let local: LocalHost;
  beforeAll(async () => {
    stage = stack.use(await startStage());
    local = stack.use(await stage.startLocal());
  });
  afterAll(() => stack.disposeAsync());

  const start = async (name: string, title = name) => {
    const directory = stage.folder(name);
    return { directory, ...(await stage.hosts.createSession({ directory, title })) };
  };
  type Session = Awaited<ReturnType<typeof start>>;
  const say = (session: Session, text: string, messageId = `m-${text}`) =>
    stage.hosts.send({ ...session, messageId, text, agent: 'builder', model: modelId });
  const told = (session: Session, kind: string) =>
    stage.heard.of(session.sessionId).filter((event) => event.kind === kind);
  const idle = (session: Session, times = 1) =>
    stage.heard.until('idle', () => told(session, 'idle').length >= times);

  it('BR-2: creates a session, takes a message, tells tools, text, milestones and the end', async () => {
    stage.model.script('write it', [
      { tools: [{ name: 'write', args: { filePath: 'a.txt', content: 'A' } }] },
      { tools: [{ name: 'milestone', args: { text: 'A is written' } }] },
      { text: 'Written.' },
    ]);
    const session = await start('one', 'Write A');
    expect(session.host).toBe('local');
    expect(await say(session, 'write it')).toEqual({ queued: false });
    await idle(session);
    const { sessionId } = session;
    expect(stage.heard.of(sessionId)).toEqual([
      { sessionId, kind: 'active' },
      { sessionId, kind: 'tool', tool: 'write', title: 'a.txt', status: 'running' },
      { sessionId, kind: 'tool', tool: 'write', title: 'a.txt', status: 'completed' },
      { sessionId, kind: 'milestone', text: 'A is written', id: expect.any(String) },
      { sessionId, kind: 'message', text: 'Written.' },
      { sessionId, kind: 'idle' },
    ]);
    expect(readFileSync(join(session.directory, 'a.txt'), 'utf8')).toBe('A');
    const milestone = stage.heard.of(sessionId).find(({ kind }) => kind === 'milestone');
    const { busy, milestones } = await stage.hosts.snapshot('local');
    expect(busy).toEqual([]);
    expect(milestones).toMatchObject([
      { id: milestone?.kind === 'milestone' && milestone.id, sessionId, text: 'A is written' },
    ]);
    expect(local.agents).toEqual(['architect', 'builder', 'party-mode', 'pm']);
  });

  it('SE-4: a message to a busy session is queued; sent again with its id it is there once', async () => {
    stage.model.script('hold on', [{ gate: 'busy', next: { text: 'Done.' } }]);
    const session = await start('busy');
    await say(session, 'hold on');
    await stage.model.gate('busy').reached;
    expect(await say(session, 'and this')).toEqual({ queued: true });
    expect(await say(session, 'and this')).toEqual({ queued: true });
    const [listed] = await stage.hosts.sessions(session);
    expect(listed).toEqual({ sessionId: session.sessionId, title: 'busy', busy: true });
    expect(stage.hosts.list()).toEqual([{ host: 'local', busy: 1, local: true }]);
    stage.model.gate('busy').open();
    await idle(session);
    await say(session, 'and this');
    const messages = await stage.hosts.messages({ ...session, limit: 20 });
    const said = messages.filter(({ role }) => role === 'user').map(({ text }) => text);
    expect(said).toEqual(['hold on', 'and this']);
    expect(messages.find(({ role }) => role === 'assistant')?.text).toBe('Done.');
  });

  it('IN-7: an abort ends the turn and what it waits for', async () => {
    const options = [{ label: 'Yes (Recommended)', description: 'y' }];
    const questions = [{ question: 'Go on?', header: 'Go on', options }];
    stage.model.script('ask me', [
      { tools: [{ name: 'question', args: { questions } }] },
      { text: 'Never.' },
    ]);
    const session = await start('asked');
    await say(session, 'ask me');
    const asked = await stage.heard.until('a question', () => told(session, 'question')[0]);
    expect(asked).toMatchObject({ request: { questions: [{ question: 'Go on?' }] } });
    const requestId = asked.kind === 'question' ? asked.requestId : '';
    const { sessionId, directory } = session;
    expect(await stage.hosts.snapshot('local')).toMatchObject({
      busy: [{ sessionId, directory }],
      waiting: [{ kind: 'question', sessionId, directory, requestId }],
    });
    await stage.hosts.abort(session);
    await idle(session);
    expect(told(session, 'askEnded')).toEqual([{ sessionId, kind: 'askEnded', requestId, answer: 'reject' }]);
    expect((await stage.hosts.snapshot('local')).waiting).toEqual([]);
    await expect(
      stage.hosts.replyQuestion({ ...session, requestId, answers: [['Yes (Recommended)']] }),
    ).rejects.toMatchObject({ code: 'opencode_failed' });
    expect(told(session, 'error')).toEqual([]);
  });

  it('AS-2: an answer reaches the agent', async () => {
    const questions = [{ question: 'Which?', header: 'Which', options: [{ label: 'A', description: 'a' }] }];
    stage.model.script('which one', (turn) =>
      turn.toolResults.length === 0
        ? { tools: [{ name: 'question', args: { questions } }] }
        : { text: `Heard: ${turn.toolResults.join()}` },
    );
    const session = await start('answered');
    await say(session, 'which one');
    const asked = await stage.heard.until('a question', () => told(session, 'question')[0]);
    const requestId = asked.kind === 'question' ? asked.requestId : '';
    await stage.hosts.replyQuestion({ ...session, requestId, answers: [['B, rather']] });
    await idle(session);
    expect(told(session, 'askEnded')).toMatchObject([{ requestId, answer: [['B, rather']] }]);
    expect(told(session, 'message')).toMatchObject([{ text: expect.stringContaining('B, rather') }]);
  });

  it('SE-6: a fork has the history and a title of its own', async () => {
    const session = await start('forked');
    await say(session, 'remember me');
    await idle(session);
    const fork = await stage.hosts.fork({ ...session, title: 'Another way' });
    const messages = await stage.hosts.messages({ ...session, sessionId: fork, limit: 10 });
    expect(messages[0]).toMatchObject({ role: 'user', text: 'remember me' });
    const titles = (await stage.hosts.sessions(session)).map(({ title }) => title);
    expect(titles.sort()).toEqual(['Another way', 'forked']);
  });

  it('SE-4: `opencode session list` shows it with title and directory', async () => {
    const session = await start('listed', 'Listed by OpenCode');
    const env = buildEnvironment({ root: join(stage.path, 'state', 'host'), config: {}, password: '' });
    const { stdout } = await run(findBinary(), ['session', 'list', '--format', 'json'], {
      cwd: session.directory,
      env,
    });
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({
        id: session.sessionId,
        title: 'Listed by OpenCode',
        directory: session.directory,
      }),
    );
  });

  it('SE-2: unattended, a worker commits, and what is denied is an error at once, not a wait', async () => {
    const outside = join(stage.path, 'outside.txt');
    stage.model.script('try it all', [
      { tools: [bash('echo x > f && git add f && git commit -q -m why && git log --format="by %an"')] },
      { tools: [{ name: 'read', args: { filePath: '.env' } }] },
      { tools: [{ name: 'write', args: { filePath: outside, content: 'x' } }] },
      { tools: [bash('git push origin main')] },
      { tools: [bash('env | grep -E "^(OPENCODE|FRONTDESK)_.*=." || echo clean')] },
      { text: 'Tried.' },
    ]);
    const session = await start('denied');
    writeFileSync(join(session.directory, '.env'), 'SECRET=1');
    await say(session, 'try it all');
    await idle(session);
    const ends = told(session, 'tool').filter((event) => event.kind === 'tool' && event.status !== 'running');
    expect(ends).toMatchObject([
      { status: 'completed' },
      { tool: 'read', status: 'error', error: 'Permission denied' },
      { tool: 'write', status: 'error', error: 'Permission denied' },
      { tool: 'bash', status: 'error', error: 'Permission denied' },
      { status: 'completed' },
    ]);
    expect(existsSync(outside)).toBe(false);
    const results = stage.model.calls.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
    expect(JSON.stringify(results[0])).toContain('by Frontdesk');
    expect(JSON.stringify(results.at(-1))).toContain('clean');
  });

  it("sees neither the service's processes nor their environment", async () => {
    const secret = spawn('sleep', ['300'], { env: { SECRET_OF_THE_DESK: 'xoxb-seen' } });
    await once(secret, 'spawn');
    // Named plainly, OpenCode's own rules refuse it; what counts is a shell that goes around them.
    const look = "cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -ac '^SECRET_OF_THE_DESK'";
    const hidden = Buffer.from(look).toString('base64');
    stage.model.script('look around', [
      { tools: [bash(`eval "$(echo ${hidden} | base64 -d)" 2>/dev/null`)] },
      { text: 'Looked.' },
    ]);
    const session = await start('around');
    await say(session, 'look around');
    await idle(session);
    secret.kill();
    const result = stage.model.calls.at(-1)?.messages.findLast(({ role }) => role === 'tool');
    expect(JSON.stringify(result?.content)).toMatch(local.enclosed ? /^"0/ : /^"[1-9]/);
    expect(local.enclosed).toBe((await findEnclosure()).length > 0);
  });

  it('BR-2: an unknown session or agent is said', async () => {
    const session = await start('unknown');
    await expect(stage.hosts.messages({ ...session, sessionId: 'ses_none', limit: 1 })).rejects.toMatchObject(
      { code: 'opencode_failed' },
    );
    await stage.hosts.send({
      ...session,
      messageId: 'm',
      text: 'x',
      agent: 'nobody' as 'builder',
      model: modelId,
    });
    await stage.heard.until('an error', () => told(session, 'error')[0]);
  });

  it('BR-3: killed, it comes back by itself, with its sessions; nothing of it is left running', async () => {
    const session = await start('killed');
    await say(session, 'hello there');
    await idle(session);
    const before = stage.heard.changes.length;
    const { pid: killed = 0, url: oldUrl = '' } = local;
    process.kill(killed, 'SIGKILL');
    const changed = (connected: boolean) =>
      stage.heard.until('a change', () =>
        stage.heard.changes.slice(before).some((change) => change.connected === connected),
      );
    await changed(false);
    await changed(true);
    expect(local.pid).not.toBe(killed);
    await expect(fetch(oldUrl)).rejects.toThrow('fetch failed');
    const messages = await stage.hosts.messages({ ...session, limit: 10 });
    expect(messages[0]).toMatchObject({ role: 'user', text: 'hello there' });
    await say(session, 'and again');
    await idle(session, 2);
  });
});
