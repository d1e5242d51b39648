/** What everything else stands on: the log and its masking, figures, the state folder, and the way out to Slack. */
import { join } from 'node:path';
import { createLog, type Log, type LogOptions } from '../mcp-servers/kit/log.ts';
import type { Probe } from '../mcp-servers/kit/probe.ts';
import { createRedactor } from '../mcp-servers/kit/redact/redactor.ts';
import { openStore, type Store } from '../mcp-servers/kit/store/store.ts';
import { createSlackChat, type SlackChat } from '../mcp-servers/slack/chat.ts';
import { createSlackWeb, type SlackClient } from '../mcp-servers/slack/web.ts';
import { openAudit } from './audit.ts';
import { secretsOf } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { proveToken } from './slack-identity.ts';
import { prepareStateDir } from './state-dir.ts';
import type { AuditEntry } from './threads/ports.ts';

export interface Ground extends AsyncDisposable {
  readonly log: Log;
  /** Masks every secret we hold, in whatever leaves the service (OUT-3). */
  readonly redact: (text: string) => string;
  /** To be masked from now on, too. */
  readonly onSecret: (secret: { readonly name: string; readonly value: string }) => void;
  readonly metrics: Metrics;
  readonly store: Store;
  readonly audit: (entry: AuditEntry) => void;
  readonly web: SlackClient;
  readonly chat: SlackChat;
  /** Who the bot token is. */
  readonly teamId: string;
  readonly botUserId: string;
}

/** @throws FrontdeskError when the state folder cannot be used, or Slack refuses the token or does not answer */
export async function openGround(
  config: Config,
  probe: Probe,
  logTo: LogOptions['destination'],
): Promise<Ground> {
  const redactor = createRedactor({ secrets: secretsOf(config) });
  const redact = (text: string) => redactor.redact(text);
  const log = createLog({ level: config.logLevel, redact, ...(logTo ? { destination: logTo } : {}) });
  const metrics = createMetrics();
  await using stack = new AsyncDisposableStack();

  await prepareStateDir(config.stateDir);
  const store = stack.use(await openStore({ dir: join(config.stateDir, 'state'), log }));
  const audit = stack.use(openAudit(join(config.stateDir, 'audit.jsonl'), { redact, log }));

  const { botToken: token, slackApiUrl: apiUrl, operatorChannel, slackPace: paceFactor } = config;
  const web = createSlackWeb({ token, apiUrl, log });
  const { teamId, botUserId } = await proveToken(web);
  const parts = { web, store, redactor, log, probe, metrics };
  const chat = stack.use(await createSlackChat({ ...parts, teamId, botUserId, operatorChannel, paceFactor }));
  const owned = stack.move();
  return {
    log,
    redact,
    onSecret: (secret) => redactor.add(secret),
    metrics,
    store,
    audit: (entry) => audit.write(entry),
    web,
    chat,
    teamId,
    botUserId,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
