import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage, stageEnv } from './stage.ts';
import { openRoom, until, useStage } from './use-stage.ts';

const root = resolve(import.meta.dirname, '../..');
const stage = useStage();
let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'frontdesk-startup-'));
});
afterAll(async () => await rm(scratch, { recursive: true, force: true }));

/** `frontdesk start` as an operator runs it, until it ends by itself. */
async function runStart(
  env: Record<string, string>,
  ...flags: string[]
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [...flags, join(root, 'frontdesk/main.js'), 'start'], {
    env: { PATH: process.env['PATH'] ?? '', HOME: scratch, FRONTDESK_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, said };
}

function environment({ slack, model }: Stage, changes: Record<string, string>): Record<string, string> {
  const stateDir = join(scratch, `state-${Math.random().toString(36).slice(2)}`);
  return { ...stageEnv(slack, model, stateDir), ...changes };
}

/** Processes that have this in their command line or environment, other than ours. */
function processesOf(mark: string): string[] {
  const all = execFileSync('ps', ['axeww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return all.split('\n').filter((line) => line.includes(mark) && !line.includes('ps axeww'));
}

describe('a start that cannot work', () => {
  it('OP-5: nothing set: every problem at once, each with its variable and fix', async () => {
    const { code, said } = await runStart({});
    expect(code).toBe(1);
    for (const variable of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'FRONTDESK_MODEL'])
      expect(said).toMatch(new RegExp(`- ${variable} .*To fix it, `));
    expect(said).not.toContain('    at ');
  });

  it('OP-5: an older Node is named in one line, with what to do', async () => {
    const older = `Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`;
    const { code, said } = await runStart(
      {},
      '--import',
      `data:text/javascript,${encodeURIComponent(older)}`,
    );
    expect(code).toBe(1);
    expect(said).toMatch(/^Frontdesk needs Node 24 or later; \S+ is 20\.20\.2\. `npm ci` brings .*\n$/);
  });

  it('a wrong bot token', async () => {
    const token = 'xoxb-1-2-wrong';
    const env = environment(stage(), { SLACK_BOT_TOKEN: token });
    expect(await refusalOf(env, token)).toMatch(/Slack refused.* SLACK_BOT_TOKEN was tried: .*invalid_auth/);
  });

  it('a wrong app token', async () => {
    const token = 'xapp-1-A0-2-wrong';
    const env = environment(stage(), { SLACK_APP_TOKEN: token });
    expect(await refusalOf(env, token)).toMatch(/Slack refused.* SLACK_APP_TOKEN was tried: .*invalid_auth/);
  });

  it('a second service on the same state', async () => {
    const env = environment(stage(), { FRONTDESK_STATE_DIR: stage().config.stateDir });
    const { code, said } = await runStart(env);
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toMatch(/Another Frontdesk already uses this state folder.*FRONTDESK_STATE_DIR/);
    // The first one was not disturbed.
    const room = openRoom(stage());
    const ts = await stage().slack.as('U_ANNA').post(room, '@frontdesk still there?');
    await until(stage(), room, ts, 'ok');
  });

  it.each(['frontdesk.md', 'stamp/plugin.js'])('AG-2: an altered agents/%s', async (file) => {
    const agentsDir = join(scratch, `agents-${file.replace('/', '-')}`);
    await cp(join(root, 'agents'), agentsDir, { recursive: true });
    await appendFile(join(agentsDir, file), '\n');
    await expect(openStage({ agentsDir })).rejects.toMatchObject({
      code: 'agent_altered',
      message: expect.stringContaining(`${file} was changed`) as string,
    });
    await rm(join(agentsDir, file));
    await expect(openStage({ agentsDir })).rejects.toMatchObject({ code: 'agent_altered' });
  });

  it('IN-2: nobody on the allowlist: it starts, says so, and serves nobody', async () => {
    await using alone = await openStage({ config: { allowedUsers: [] } });
    expect(alone.logText()).toMatch(/frontdesk\.allowlist\.empty/);
    const { slack, model } = alone;
    const ts = await slack.as('U_ANNA').post('C_DEV', '@frontdesk hello?');
    await slack.until(() => slack.pendingEvents === 0, 'the events to be acknowledged');
    await slack.until(() => alone.logText().includes('slack.stranger.refused'), 'the log');
    expect(slack.thread('C_DEV', ts)).toHaveLength(1);
    expect(model.calls).toEqual([]);
  });
});

/** @returns the one line it said, the secret not in it; the process is gone and has left nothing running. */
async function refusalOf(env: Record<string, string>, secret: string): Promise<string> {
  const { code, said } = await runStart(env);
  expect(code).toBe(1);
  expect(said.trim().split('\n')).toHaveLength(1);
  expect(said).not.toContain(secret);
  expect(processesOf(env['FRONTDESK_STATE_DIR'] ?? '')).toEqual([]);
  return said;
}
