/** Block Kit for App Home and its forms. Pure. */
import { clip } from '../../mcp-servers/slack/blocks.ts';

export type Block = Record<string, unknown>;

export interface HomeButton {
  /** Without `home.` */
  readonly verb: string;
  readonly label: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly url?: string;
  readonly confirm?: string;
}

export function plainText(text: string, max: number): Block {
  return { type: 'plain_text', text: clip(text, max), emoji: true };
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

function button({ verb, label, value, style, url, confirm }: HomeButton): Block {
  return {
    type: 'button',
    action_id: `home.${verb}`,
    text: plainText(label, 75),
    value: clip(value, 2000),
    ...(style === undefined ? {} : { style }),
    ...(url === undefined ? {} : { url }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plainText('Are you sure?', 100),
            text: plainText(confirm, 300),
            confirm: plainText(label, 30),
            deny: plainText('Cancel', 30),
          },
        }),
  };
}

/** Text of people, agents and programs: nothing in it pings, links or formats. */
export function escape(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // A zero-width space: the signs stay, and format nothing.
      .replaceAll(/[*_~`]/g, '\u200B$&')
  );
}

export function link(url: string | null, text: string): string {
  return url === null || /[<>|\s]/.test(url) ? escape(text) : `<${url}|${escape(text)}>`;
}
