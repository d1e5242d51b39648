/**
 * The bridge: an OpenCode plugin that lets Frontdesk run sessions on this OpenCode, wherever it runs (SPEC §7). Bundled
 * into ../plugin.js, which stands alone: copy that file to another machine, name it in OpenCode's `plugin` list.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { cut, limits } from '../protocol.ts';
import { createApi, type RawClient } from './api.ts';
import { createBridge, type Bridge } from './bridge.ts';
import type { ToolCall } from './holds.ts';
import { bridgeUrl, readSettings } from './settings.ts';

interface PluginInput {
  readonly client: RawClient;
  readonly directory: string;
}

/** Stored as the hook leaves it: what it runs with is read from there (measured with 1.18.33). */
interface PromptMessage {
  agent?: string;
  model?: { readonly providerID?: string; readonly modelID?: string };
}
interface PromptPart {
  readonly id?: string;
  readonly type: string;
  readonly text?: string;
  readonly synthetic?: boolean;
}

/** OpenCode evaluates this module once, and calls the plugin once per directory: one connection for all (BR-4). */
let bridge: Bridge | undefined;

const milestoneText = z.string().check(z.minLength(1), z.maxLength(limits.title));

/** Bun's WebSocket, like Node's, takes headers, which the standard does not know. */
type WebSocketWithHeaders = new (url: string, options: { headers: Record<string, string> }) => WebSocket;

function start(client: RawClient, options: unknown): Bridge | undefined {
  const settings = readSettings(options, process.env, process.cwd());
  if ('off' in settings) {
    const message = `bridge is off. ${settings.off}`;
    void createApi(client)
      .log(process.cwd(), 'warn', message)
      .catch(() => {});
    return undefined;
  }
  const headers = { authorization: `Bearer ${settings.token}` };
  const Dial = WebSocket as unknown as WebSocketWithHeaders;
  return createBridge({
    settings,
    client,
    instance: randomUUID(),
    home: process.cwd(),
    dial: () => new Dial(bridgeUrl(settings.url), { headers }),
    now: Date.now,
  });
}

async function server({ client, directory }: PluginInput, options: unknown) {
  bridge ??= start(client, options);
  const own = bridge;
  if (!own) return {};
  own.opened(directory, client);
  return {
    event: async ({ event }: { event: { type: string; properties: unknown } }) => own.event(directory, event),
    'chat.message': async (
      { sessionID }: { sessionID: string },
      { message, parts }: { message: PromptMessage; parts: readonly PromptPart[] },
    ) => {
      const { providerID = '', modelID = '' } = message.model ?? {};
      const words = parts.filter(({ type, synthetic }) => type === 'text' && synthetic !== true);
      const text = words.map((part) => part.text ?? '').join('\n');
      const partIds = words.flatMap(({ id }) => id ?? []);
      own.hooks.prompted(directory, {
        sessionId: sessionID,
        text,
        model: `${providerID}/${modelID}`,
        partIds,
      });
      const asked = { agent: message.agent ?? '', model: { providerID, modelID } };
      const selected = await own.select(directory, { sessionId: sessionID, partIds, asked });
      if (selected.agent !== asked.agent) message.agent = selected.agent;
      // Else it keeps its variant, too.
      if (selected.model !== asked.model) message.model = selected.model;
    },
    'tool.execute.before': async (call: ToolCall, output: { args: Record<string, unknown> }) =>
      own.hooks.before(directory, call, output),
    'tool.execute.after': async (call: ToolCall, output: { output: string }) => own.hooks.after(call, output),
    dispose: async () => own.closed(directory),
    /** A shell has no business with OpenCode's own password and configuration, keys included. */
    'shell.env': async (_: unknown, output: { env: Record<string, string> }) => {
      for (const name of Object.keys(process.env)) {
        if (/^(OPENCODE|FRONTDESK)_/.test(name)) output.env[name] = '';
      }
    },
    tool: {
      milestone: {
        description:
          'Tells the people who wait for this work that a milestone is reached: a phase done, a decision made, all tests passing. One short line in plain words, such as "Login API works, 12 tests passing". Call it when something worth telling is finished, not for each step.',
        args: { text: milestoneText },
        async execute(
          args: { text: unknown },
          context: { sessionID: string; messageID: string; callID?: string },
        ) {
          const text = cut(String(args.text).trim(), limits.title);
          if (text === '') return 'Say in `text` what was reached.';
          const { sessionID: sessionId, messageID, callID: callId = messageID } = context;
          own.milestone(directory, { sessionId, callId, text });
          return 'Told.';
        },
      },
    },
  };
}

export default { id: 'frontdesk-bridge', server };
