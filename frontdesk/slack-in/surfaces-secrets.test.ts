import type { App } from '@slack/bolt';
import { expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { registerSurfaces, type Surfaces } from './surfaces.ts';

type Handler = (args: { body: unknown; ack: (response?: unknown) => Promise<void> }) => Promise<void>;

const token = 'xoxb-our-own-token';
const redact = (text: string) => text.replaceAll(token, '•••');
const silent: Surfaces = {
  command: async () => null,
  shortcut: async () => null,
  submit: async () => null,
  whisper: async () => {},
};

/** What Bolt would call, and what was told to Slack past the outbox. */
function register(surfaces: Partial<Surfaces>) {
  const handlers = new Map<string, Handler>();
  const told: unknown[] = [];
  const keep = (kind: string) => (_: RegExp, handler: Handler) => void handlers.set(kind, handler);
  const apiCall = async (...args: unknown[]) => void told.push(args);
  const app = {
    command: keep('command'),
    shortcut: keep('shortcut'),
    view: keep('view'),
    client: { apiCall },
  };
  registerSurfaces(app as unknown as App, {
    surfaces: { ...silent, ...surfaces },
    redact,
    log: createSilentLog(),
  });
  const ack = async (response?: unknown) => void told.push(response);
  return { told, come: async (kind: string, body: object) => await handlers.get(kind)?.({ body, ack }) };
}

const command = { team_id: 'T1', channel_id: 'C1', user_id: 'U1', text: 'status', trigger_id: '1' };
const view = { id: 'V1', callback_id: 'start' };
const submission = { type: 'view_submission', team: { id: 'T1' }, user: { id: 'U1' }, view };

it.each<[string, Partial<Surfaces>, string, object]>([
  ['an answer', { command: async () => ({ text: `Its key is ${token}.` }) }, 'command', command],
  ['a form', { command: async () => ({ view: { title: token, blocks: [token] } }) }, 'command', command],
  ['an error in a form', { submit: async () => ({ errors: { title: `No: ${token}` } }) }, 'view', submission],
])('OUT-3: %s shows no secret, though it passes no outbox', async (_, surfaces, kind, body) => {
  const { told, come } = register(surfaces);
  await come(kind, body);
  expect(JSON.stringify(told)).toContain('•••');
  expect(JSON.stringify(told)).not.toContain(token);
});
