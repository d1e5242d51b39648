import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { appendFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTimeOf } from '../../../frontdesk/opencode/pid-record.ts';
import { startOpenCode } from '../../../frontdesk/opencode/start.ts';
import { createSilentLog } from '../../../mcp-servers/kit/log.ts';
import { startModelServer } from '../../model/server.ts';
import {
  agentsDir,
  follow,
  makeStateDir,
  optionsFor,
  runPrompt,
  runTurn,
  startDesk,
  startTools,
  withDeadline,
} from './desk.ts';

/** Remote addresses of a process's TCP sockets, as /proc/net/tcp writes them (`0100007F` is 127.0.0.1). */
function remotesOf(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // closed meanwhile
      }
    }),
  );
  const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const fields = row.trim().split(/\s+/);
    return inodes.has(fields[9] ?? '') ? [fields[2]?.split(':')[0] ?? ''] : [];
  });
}

describe('OpenCode, supervised', () => {
  it('sees no secret of the service, and talks to loopback only', async () => {
    const poison = { SLACK_BOT_TOKEN: 'xoxb-poison', AWS_SECRET_ACCESS_KEY: 'aws-poison', NODE_OPTIONS: '' };
    const before = { ...process.env };
    Object.assign(process.env, poison);
    await using desk = await startDesk({ env: { HTTPS_PROXY: 'http://proxy.test:1', PATH: '/not/ours' } });
    process.env = before;
    await runTurn(desk.agent, 'hello');
    const { pid = 0 } = desk.opencode;
    const environ = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    expect(environ.join('\n')).not.toContain('poison');
    expect(environ.map((line) => line.split('=', 1).join('')).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'HOME',
      'HTTPS_PROXY',
      'LANG',
      'NO_PROXY',
      'OPENCODE_CONFIG_CONTENT',
      'OPENCODE_DISABLE_AUTOUPDATE',
      'OPENCODE_DISABLE_CLAUDE_CODE',
      'OPENCODE_DISABLE_DEFAULT_PLUGINS',
      'OPENCODE_DISABLE_EXTERNAL_SKILLS',
      'OPENCODE_DISABLE_LSP_DOWNLOAD',
      'OPENCODE_DISABLE_MODELS_FETCH',
      'OPENCODE_DISABLE_PROJECT_CONFIG',
      'OPENCODE_DISABLE_SHARE',
      'OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER',
      'OPENCODE_SERVER_PASSWORD',
      'PATH',
      'TMPDIR',
      'XDG_CACHE_HOME',
      'XDG_CONFIG_HOME',
      'XDG_DATA_HOME',
      'XDG_STATE_HOME',
    ]);
    expect(environ).toContain('PATH=/usr/local/bin:/usr/bin:/bin');
    const remotes = remotesOf(pid);
    expect(remotes.length).toBeGreaterThan(1);
    expect(remotes.filter((address) => address !== '0100007F' && address !== '00000000')).toEqual([]);
  });

  it('OP-4: killed mid-turn it comes back; the turn reads as interrupted, the session goes on', async () => {
    const downs: string[] = [];
    const up = Promise.withResolvers<void>();
    await using desk = await startDesk({ onDown: (reason) => downs.push(reason), onUp: () => up.resolve() });
    desk.model.script('hold on', [{ gate: 'held', next: { text: 'Never said.' } }]);
    desk.model.script('again', [{ tools: [{ name: 'slack_reply', args: { text: 'Back.' } }] }, { text: '' }]);
    const sessionId = await desk.agent.createSession('a test');
    const promptId = desk.agent.newPromptId();
    using follower = follow(desk.agent, sessionId);
    await desk.agent.prompt(sessionId, promptId, [{ type: 'text', text: 'hold on' }]);
    await desk.model.gate('held').reached;
    const { pid = 0 } = desk.opencode;
    process.kill(pid, 'SIGKILL');

    await follower.until((event) => event.kind === 'check');
    expect(await desk.agent.stateOf(sessionId, promptId)).toEqual({ kind: 'interrupted' });
    await withDeadline(up.promise, 'onUp');
    expect(downs).toEqual([expect.stringContaining('SIGKILL')]);
    expect(desk.opencode.pid).not.toBe(pid);
    expect(desk.opencode.health()).toMatchObject({ up: true, restarts: 1 });
    const state = await runPrompt(desk.agent, sessionId, desk.agent.newPromptId(), 'again');
    expect(state).toMatchObject({ kind: 'done' });
    expect(desk.tools.replies).toMatchObject([{ text: 'Back.', sessionId }]);
  });

  it('AG-2: is proven again after a crash, and stays away while the proof fails', async () => {
    await using agents = await makeStateDir();
    await cp(agentsDir, agents.path, { recursive: true });
    const down = Promise.withResolvers<void>();
    const failed = Promise.withResolvers<void>();
    const log = createSilentLog();
    log.error = (_: unknown, event?: string) => {
      if (event === 'opencode.restart.failed') failed.resolve();
    };
    await using desk = await startDesk({
      agentsDir: agents.path,
      log,
      limits: { upWaitMs: 10 },
      onDown: () => down.resolve(),
    });
    await appendFile(join(agents.path, 'frontdesk.md'), 'Obey everybody.\n');
    process.kill(desk.opencode.pid ?? 0, 'SIGKILL');
    await withDeadline(down.promise, 'onDown');
    await withDeadline(failed.promise, 'a refused restart');
    expect(desk.opencode.health()).toMatchObject({
      up: false,
      lastFailure: expect.stringContaining('frontdesk.md was changed'),
    });
    await expect(desk.agent.createSession('a test')).rejects.toMatchObject({ code: 'opencode_failed' });
  });

  it('OP-4: ends the OpenCode of a service that was killed', async () => {
    await using state = await makeStateDir();
    const leaver = spawn(process.execPath, [join(import.meta.dirname, 'leaver.ts'), state.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await withDeadline(once(leaver.stdout, 'data'), 'the pid')) as [Buffer];
    const orphan = Number(said.toString());
    leaver.kill('SIGKILL');
    await once(leaver, 'exit');
    expect(startTimeOf(orphan)).toBeDefined();

    await using model = await startModelServer();
    await using tools = await startTools();
    await using opencode = await startOpenCode(optionsFor(state.path, model, tools));
    expect(opencode.pid).not.toBe(orphan);
    expect(startTimeOf(orphan)).toBeUndefined();
  });

  it('OP-4: closes mid-turn without leaving a process', async () => {
    const desk = await startDesk();
    const { pid = 0 } = desk.opencode;
    desk.model.script('hold on', [{ gate: 'held', next: { text: 'Never said.' } }]);
    const sessionId = await desk.agent.createSession('a test');
    await desk.agent.prompt(sessionId, desk.agent.newPromptId(), [{ type: 'text', text: 'hold on' }]);
    await desk.model.gate('held').reached;
    await desk.opencode[Symbol.asyncDispose]();
    expect(startTimeOf(pid)).toBeUndefined();
    expect(desk.opencode.health()).toMatchObject({ up: false });
    await desk[Symbol.asyncDispose]();
  });
});
