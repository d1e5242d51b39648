/** Slash command, message shortcut and modals: the ways in that answer the person alone, within Slack's three seconds. */
import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { clip } from '../../mcp-servers/slack/blocks.ts';
import { toMrkdwn } from '../../mcp-servers/slack/text/to-mrkdwn.ts';
import { maskView } from './mask-view.ts';
import { placeOf } from './parse.ts';

/** Who asks, where. `requestId` is unique per request: asked again with it, nothing is done twice. */
export interface Asker {
  readonly person: string;
  readonly ref: ThreadRef;
  readonly requestId: string;
}

/** What the person gets to see, and only they; `ref`: in that thread, where the words answer a form, which stands in none. */
export type Shown =
  | { readonly text: string; readonly ref?: ThreadRef }
  | { readonly view: Record<string, unknown> }
  | null;

export interface Surfaces {
  /** `/opencode …`; the ref's thread is '' in a channel, too: Slack runs no commands inside threads. */
  command(by: Asker, text: string): Promise<Shown>;
  /** "OpenCode: this thread", used on a message with this text. */
  shortcut(by: Asker, message: string): Promise<Shown>;
  /** A submitted form. @returns errors by block_id (the form stays, with what was typed), or what to show */
  submit(by: Asker, callbackId: string, view: unknown): Promise<{ errors: Record<string, string> } | Shown>;
  /** Said to this person where they asked. */
  whisper(by: Asker, text: string): Promise<void>;
}

/** Slack shows an error after 3 s without acknowledgement. */
const patienceMs = 2000;
/** Slack cuts a message's text at 40,000 characters; a phone's reader gives up before. */
const answerLimit = 8000;

const commandSchema = z.object({
  team_id: z.string(),
  channel_id: z.string(),
  user_id: z.string(),
  text: z.string(),
  trigger_id: z.string(),
});
const shortcutSchema = z.object({
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional(), text: z.string().default('') }),
  trigger_id: z.string(),
});
const submissionSchema = z.object({
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  view: z.looseObject({ id: z.string(), hash: z.string().default(''), callback_id: z.string() }),
});

/**
 * Forms, their errors and answers to commands pass no outbox, which takes the secrets out of messages: it is done here (OUT-3).
 * @returns what opens a form with a trigger
 */
export function registerSurfaces(
  app: App,
  { surfaces, redact, log }: { surfaces: Surfaces; redact: (text: string) => string; log: Log },
): (trigger: string, view: Record<string, unknown>) => Promise<void> {
  const openView = async (trigger: string, view: Record<string, unknown>) => {
    await app.client.apiCall('views.open', { trigger_id: trigger, view: maskView(view, redact) });
  };

  app.command(/.*/, async ({ body, ack }) => {
    const command = commandSchema.parse(body);
    const { team_id: team, channel_id: channel, user_id: person, trigger_id: trigger } = command;
    const by: Asker = { person, ref: refIn(team, channel, ''), requestId: trigger };
    const answer = surfaces.command(by, command.text);
    const first = await Promise.race([answer, delay(patienceMs, 'slow' as const)]);
    if (first === 'slow') {
      await ack({ response_type: 'ephemeral', text: '⏳ One moment…' });
      answer
        .then((shown) => showLate(by, trigger, shown))
        .catch((error: unknown) => log.error({ err: describeError(error) }, 'slack.command.failed'));
      return;
    }
    if (first !== null && 'view' in first) await openView(trigger, first.view);
    if (first !== null && 'text' in first)
      await ack({ response_type: 'ephemeral', text: clip(toMrkdwn(redact(first.text)), answerLimit) });
    else await ack();
  });

  app.shortcut(/.*/, async ({ body, ack }) => {
    const used = shortcutSchema.safeParse(body);
    if (used.success) {
      const { team, user, channel, message, trigger_id: trigger } = used.data;
      const ref = placeOf(team.id, channel.id, message.ts, message.thread_ts);
      const by: Asker = { person: user.id, ref, requestId: trigger };
      const shown = await surfaces.shortcut(by, message.text);
      if (shown !== null && 'view' in shown) await openView(trigger, shown.view);
      if (shown !== null && 'text' in shown) await surfaces.whisper(by, shown.text);
    }
    await ack();
  });

  app.view(/.*/, async ({ body, ack }) => {
    const submitted = submissionSchema.safeParse(body);
    if (body.type !== 'view_submission' || !submitted.success) return await ack();
    const { team, user, view } = submitted.data;
    // Sent twice, a submission has the same view and hash (notes/slack.md §7).
    const by: Asker = {
      person: user.id,
      ref: refIn(team.id, user.id, ''),
      requestId: `${view.id}/${view.hash}`,
    };
    const answer = await surfaces.submit(by, view.callback_id, view);
    if (answer !== null && 'errors' in answer)
      return await ack({ response_action: 'errors', errors: maskView(answer.errors, redact) });
    await ack();
    if (answer !== null && 'text' in answer)
      await surfaces.whisper({ ...by, ref: answer.ref ?? by.ref }, answer.text);
  });

  /** Whoever was asked for a moment hears of it in any case: Slack opens a form for 3 s only. */
  const showLate = async (by: Asker, trigger: string, shown: Shown): Promise<void> => {
    if (shown === null) return;
    if ('text' in shown) return await surfaces.whisper(by, shown.text);
    try {
      await openView(trigger, shown.view);
    } catch (error) {
      log.warn({ err: describeError(error) }, 'slack.view.late');
      await surfaces.whisper(
        by,
        'That took too long: Slack does not open the form any more. Please try again.',
      );
    }
  };
  return openView;
}

function refIn(team: string, channel: string, thread: string): ThreadRef {
  return { team, channel, thread, dm: channel.startsWith('D') };
}
