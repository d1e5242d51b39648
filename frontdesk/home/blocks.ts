/** Block Kit for App Home and its forms. Pure. */
import type { CardButton } from '../../mcp-servers/kit/chat.ts';
import { type Block, buildButton, clip, plainText } from '../../mcp-servers/slack/blocks.ts';
import { escapeText } from '../../mcp-servers/slack/text/escape-text.ts';

export interface HomeButton extends Omit<CardButton, 'action'> {
  /** Without `home.` */
  readonly verb: string;
}

export function header(text: string): Block {
  return { type: 'header', text: plainText(text, 150) };
}

export function context(text: string): Block {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: clip(text, 2000) }] };
}

/** @param mrkdwn Slack's own Markdown; what others wrote goes through {@link escape} first */
export function section(mrkdwn: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text: clip(mrkdwn, 2900) } };
}

export function actions(buttons: readonly HomeButton[]): Block[] {
  return buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons.map(button) }];
}

function button({ verb, value, ...rest }: HomeButton): Block {
  return buildButton({ ...rest, action: `home.${verb}`, value: clip(value, 2000) });
}

/** Text of people, agents and programs: nothing in it pings, links or formats. */
export function escape(text: string): string {
  return (
    escapeText(text)
      // A zero-width space: the signs stay, and format nothing.
      .replaceAll(/[*_~`]/g, '\u200B$&')
  );
}

export function link(url: string | null, text: string): string {
  return url === null || /[<>|\s]/.test(url) ? escape(text) : `<${url}|${escape(text)}>`;
}
