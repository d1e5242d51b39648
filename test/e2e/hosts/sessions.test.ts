import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalHost } from '../../../frontdesk/hosts/local-host.ts';
import { modelId, type Stage, startStage } from './rig.ts';

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
  const say = (
    session: { host: string; sessionId: string; directory: string },
    text: string,
    messageId = `m-${text}`,
  ) => stage.hosts.send({ ...session, messageId, text, agent: 'builder', model: modelId });
  const idle = (sessionId: string, times = 1) =>
    stage.heard.until('idle', () => {
      const told = stage.heard.of(sessionId).filter(({ kind }) => kind === 'idle');
      return told.length >= times;
    });

  it('BR-2: creates a session, takes a message, tells tools, text, milestones and the end', async () => {
    stage.model.script('write it', [
      { tools: [{ name: 'write', args: { filePath: 'a.txt', content: 'A' } }] },
      { tools: [{ name: 'milestone', args: { text: 'A is written' } }] },
      { text: 'Written.' },
    ]);
    const session = await start('one', 'Write A');
    expect(session.host).toBe('local');
    expect(await say(session, 'write it')).toEqual({ queued: false });
    await idle(session.sessionId);
    const told = stage.heard.of(session.sessionId);
    expect(told.map(({ kind }) => kind)).toEqual([
      'active',
      'tool',
      'tool',
      'tool',
      'tool',
      'milestone',
      'tool',
      'message',
      'idle',
    ]);
    expect(local.agents).toEqual(['architect', 'builder', 'party-mode', 'pm']);
  });
});
