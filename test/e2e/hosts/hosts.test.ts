import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { protocolVersion } from '../../../agents/bridge/protocol.ts';
import { createHosts } from '../../../frontdesk/hosts/hosts.ts';
import { createLog } from '../../../mcp-servers/kit/log.ts';
import { startFrozenLine } from '../../support/frozen-line.ts';
import {
  agentsDir,
  follow,
  modelId,
  sharedToken,
  type Stage,
  startGate,
  startRemote,
  startStage,
} from './rig.ts';

const minutes = 60_000;

const start = async (stage: Stage, directory: string) => ({
  directory,
  ...(await stage.hosts.createSession({ directory, title: 'A session' })),
});
type Session = Awaited<ReturnType<typeof start>>;
const say = (stage: Stage, session: Session, text: string) =>
  stage.hosts.send({ ...session, messageId: `m-${text}`, text, agent: 'build' as 'builder', model: modelId });
const told = (stage: Stage, { sessionId }: Session, kind: string) =>
  stage.heard.of(sessionId).filter((event) => event.kind === kind);
const idle = (stage: Stage, session: Session, times = 1) =>
  stage.heard.until('idle', () => told(stage, session, 'idle').length >= times);
const write = (name: string) => ({ tools: [{ name: 'write', args: { filePath: name, content: 'x' } }] });

describe('hosts that dial in', () => {
  it(
    'BR-3: two hosts, each with its own folders; one is lost and comes back with its sessions',
    async () => {
      await using stage = await startStage();
      await using _local = await stage.startLocal();
      const remote = await startRemote(stage, 'laptop');
      await stage.hosts.whenConnected('laptop', 120_000);
      expect(stage.hosts.list()).toEqual([
        { host: 'local', busy: 0, local: true },
        { host: 'laptop', busy: 0, local: false },
      ]);
      const here = await start(stage, stage.folder('here'));
      const there = await start(stage, stage.folder('there', remote.root));
      expect([here.host, there.host]).toEqual(['local', 'laptop']);

      stage.model.script('work long', [write('begun.txt'), { gate: 'long', next: { text: 'Never said.' } }]);
      await say(stage, there, 'work long');
      await stage.model.gate('long').reached;
      await remote.child.end(0);
      await stage.heard.until('loss', () => stage.heard.changes.some(({ connected }) => !connected));
      await expect(say(stage, there, 'are you there')).rejects.toMatchObject({ code: 'host_unavailable' });
      await say(stage, here, 'go on here');
      await idle(stage, here);

      await using _again = await startRemote(stage, 'laptop', { root: remote.root });
      await stage.hosts.whenConnected('laptop', 120_000);
      expect(told(stage, there, 'error')).toMatchObject([{ error: expect.stringContaining('restarted') }]);
      const messages = await stage.hosts.messages({ ...there, limit: 10 });
      expect(messages[0]).toMatchObject({ role: 'user', text: 'work long' });
      await say(stage, there, 'go on');
      await idle(stage, there, 2);
      expect(told(stage, there, 'message').at(-1)).toMatchObject({ text: 'ok' });
      expect(stage.heard.changes.map(({ host, connected }) => `${host} ${connected}`)).toEqual([
        'local true',
        'laptop true',
        'laptop false',
        'laptop true',
      ]);
    },
    10 * minutes,
  );

  it(
    'BR-1: with the gateway stopped or away OpenCode works on; the gap is told afterwards, once and in order',
    async () => {
      await using stage = await startStage();
      await using line = await startFrozenLine(stage.gate.url);
      await using remote = await startRemote(stage, 'laptop', { url: line.url });
      await stage.hosts.whenConnected('laptop', 120_000);
      const names = ['a', 'b', 'c'];
      stage.model.script('write three', [
        { gate: 'stopped', next: write('a') },
        { gate: 'away', next: write('b') },
        write('c'),
        { text: 'Three.' },
      ]);
      const session = await start(stage, stage.folder('gap', remote.root));
      await say(stage, session, 'write three');
      await stage.model.gate('stopped').reached;
      // As a stopped process is: it takes what is sent, and no end of a line is told.
      line.freeze();
      stage.model.gate('stopped').open();
      await stage.model.gate('away').reached;
      expect(told(stage, session, 'tool')).toEqual([]);
      await stage.gate.down();
      line.thaw();
      await stage.heard.until('loss', () => stage.heard.changes.some(({ connected }) => !connected));
      stage.model.gate('away').open();
      await expect.poll(() => remote.client.isBusy(session.sessionId)).toBe(false);
      await stage.gate.up();
      await idle(stage, session);
      const tools = told(stage, session, 'tool').map((event) =>
        event.kind === 'tool' ? `${event.title} ${event.status}` : '',
      );
      expect(tools).toEqual(names.flatMap((name) => [`${name} running`, `${name} completed`]));
      expect(told(stage, session, 'message')).toMatchObject([{ text: 'Three.' }]);
      expect(told(stage, session, 'idle')).toHaveLength(1);
    },
    10 * minutes,
  );

  it(
    'BR-2: a service that was restarted learns who works and what waits',
    async () => {
      await using stage = await startStage();
      await using remote = await startRemote(stage, 'laptop');
      await stage.hosts.whenConnected('laptop', 120_000);
      const questions = [{ question: 'Which?', header: 'W', options: [{ label: 'A', description: 'a' }] }];
      stage.model.script('ask', [
        { tools: [{ name: 'question', args: { questions } }] },
        { text: 'Thanks.' },
      ]);
      const session = await start(stage, stage.folder('restart', remote.root));
      await say(stage, session, 'ask');
      await stage.heard.until('a question', () => told(stage, session, 'question')[0]);

      await stage.gate.down();
      const hosts = createHosts({ tokens: [{ value: sharedToken }], log: stage.log });
      const heard = follow(hosts);
      const port = Number(new URL(stage.gate.url).port);
      await using _gate = await startGate(hosts, port);
      const asked = await heard.until('the question again', () =>
        heard.of(session.sessionId).find(({ kind }) => kind === 'question'),
      );
      expect(heard.of(session.sessionId)[0]).toMatchObject({ kind: 'active' });
      expect(hosts.list()).toEqual([{ host: 'laptop', busy: 1, local: false }]);
      const requestId = asked.kind === 'question' ? asked.requestId : '';
      await hosts.replyQuestion({ ...session, requestId, answers: [['A']] });
      await heard.until('the end', () => heard.of(session.sessionId).find(({ kind }) => kind === 'idle'));
    },
    10 * minutes,
  );

  it(
    'BR-1: an old plugin is refused with words that help, and OpenCode does not mind',
    async () => {
      await using stage = await startStage();
      const lines: string[] = [];
      const refused = Promise.withResolvers<void>();
      const write = (line: string) => {
        lines.push(line);
        if (line.includes('hosts.host.refused')) refused.resolve();
      };
      const log = createLog({ level: 'info', redact: (line) => line, destination: { write } });
      const hosts = createHosts({ tokens: [{ value: sharedToken }], log });
      await using gate = await startGate(hosts);
      const plugin = join(stage.path, 'old-plugin.js');
      const source = readFileSync(join(agentsDir, 'bridge', 'plugin.js'), 'utf8');
      const older = source.replaceAll(`protocol: ${protocolVersion},`, `protocol: ${protocolVersion - 1},`);
      expect(older).not.toBe(source);
      writeFileSync(plugin, older);
      await using remote = await startRemote(stage, 'laptop', { plugin, url: gate.url });
      await refused.promise;
      expect(lines.join('')).toContain('copy its agents/bridge/plugin.js');
      expect(hosts.list()).toEqual([]);
      expect(await remote.client.version()).toBe('1.18.33');
    },
    10 * minutes,
  );

  it(
    'BR-4: one line for many directories, and idle ones are ended, busy ones never',
    async () => {
      await using stage = await startStage();
      await using local = await stage.startLocal({ idleMinutes: 0.05 });
      const disposed = followDisposals(local.url ?? '', local.password);
      const busy = await start(stage, stage.folder('busy'));
      stage.model.script('hold', [{ gate: 'hold', next: { text: 'Held.' } }]);
      const hold = { ...busy, messageId: 'm1', text: 'hold', agent: 'builder', model: modelId } as const;
      await stage.hosts.send(hold);
      await stage.model.gate('hold').reached;
      // On a busy machine it may have been idle for long before it was given work.
      const from = disposed.seen.length;
      const quiet = await start(stage, stage.folder('quiet'));
      await disposed.until(quiet.directory);
      expect(disposed.seen.slice(from)).not.toContain(busy.directory);
      await stage.hosts.release(busy);
      stage.model.gate('hold').open();
      await idle(stage, busy);
      expect(told(stage, busy, 'message')).toMatchObject([{ text: 'Held.' }]);
      await disposed.until(busy.directory);
      expect(stage.heard.changes).toEqual([{ host: 'local', connected: true }]);
      const sessions = await stage.hosts.sessions(quiet);
      expect(sessions).toEqual([{ sessionId: quiet.sessionId, title: 'A session', busy: false }]);
      const [first] = await stage.hosts.messages({ ...busy, limit: 10 });
      expect(first).toMatchObject({ role: 'user', text: 'hold' });
      disposed.stop();
    },
    10 * minutes,
  );
});

/** Directories whose instance OpenCode ended, from its own event stream. */
function followDisposals(url: string, password: string) {
  const stopping = new AbortController();
  const seen: string[] = [];
  const waiting: { directory: string; resolve: () => void }[] = [];
  const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`;
  const read = async () => {
    const response = await fetch(`${url}/global/event`, {
      headers: { authorization },
      signal: stopping.signal,
    });
    let buffer = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      buffer += decoder.decode(chunk as Uint8Array, { stream: true });
      const lines = buffer.split('\n');
      buffer = lines.pop() ?? '';
      for (const line of lines.filter((line) => line.includes('server.instance.disposed'))) {
        const frame = JSON.parse(line.slice('data:'.length)) as { directory: string };
        seen.push(frame.directory);
        for (const { directory, resolve } of waiting) if (directory === frame.directory) resolve();
      }
    }
  };
  void read().catch(() => {});
  return {
    seen,
    until(directory: string): Promise<void> {
      if (seen.includes(directory)) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ directory, resolve });
      return promise;
    },
    stop: () => stopping.abort(),
  };
}
