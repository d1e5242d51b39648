import { Fragment, memo, useMemo, type ReactNode } from 'react';
import { emojiOf } from '../emoji.ts';
import { useAppState } from '../store.ts';
import { parseMrkdwn, type Inline } from './mrkdwn-parse.ts';

/** A link that opens beside the page and tells the other side nothing. */
export function ExternalLink({ url, children }: { url: string; children: ReactNode }) {
  if (!/^(?:https?:|mailto:)/i.test(url)) return <>{children}</>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

export function UserMention({ id }: { id: string }) {
  const people = useAppState((state) => state.world?.people);
  const isMe = useAppState((state) => state.route.person === id);
  const [userId = ''] = id.split('|');
  const person = people?.find((one) => one.id === userId);
  return <span className={isMe ? 'mention mention-me' : 'mention'}>@{person?.real_name ?? userId}</span>;
}

export function ChannelMention({ id }: { id: string }) {
  const channels = useAppState((state) => state.world?.channels);
  const [channelId = ''] = id.split('|');
  const name = channels?.find((one) => one.id === channelId)?.name;
  return <span className="mention">#{name ?? channelId}</span>;
}

export function Emoji({ name }: { name: string }) {
  return (
    <span role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {emojiOf(name)}
    </span>
  );
}

function InlineNode({ node }: { node: Inline }) {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'bold':
      return <strong>{inlines(node.inner)}</strong>;
    case 'italic':
      return <em>{inlines(node.inner)}</em>;
    case 'strike':
      return <s>{inlines(node.inner)}</s>;
    case 'code':
      return <code>{node.text}</code>;
    case 'link':
      return <ExternalLink url={node.url}>{node.label}</ExternalLink>;
    case 'user':
      return <UserMention id={node.id} />;
    case 'channel':
      return <ChannelMention id={node.id} />;
    case 'broadcast':
      return <span className="mention mention-me">{node.text}</span>;
    case 'emoji':
      return emojiOf(node.name).startsWith(':') ? `:${node.name}:` : <Emoji name={node.name} />;
  }
}

function inlines(nodes: readonly Inline[]): ReactNode {
  // A parsed text is drawn as a whole: places are the identity.
  return nodes.map((node, at) => <InlineNode key={at} node={node} />);
}

function lines(all: readonly (readonly Inline[])[]): ReactNode {
  return all.map((line, at) => (
    <Fragment key={at}>
      {at > 0 && <br />}
      {inlines(line)}
    </Fragment>
  ));
}

/** Text in Slack's own markup. */
export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }) {
  const parts = useMemo(() => parseMrkdwn(text), [text]);
  return parts.map((part, at) => {
    if (part.kind === 'pre') return <pre key={at}>{part.text}</pre>;
    if (part.kind === 'quote') return <blockquote key={at}>{lines(part.lines)}</blockquote>;
    return <p key={at}>{lines(part.lines)}</p>;
  });
});

/** A text object of Block Kit. */
export function TextObject({ text }: { text: unknown }) {
  const { type, text: content = '' } = (text ?? {}) as { type?: string; text?: string };
  if (type === 'mrkdwn') return <Mrkdwn text={content} />;
  return <PlainText text={content} />;
}

/** Plain text: nothing in it is markup but `:emoji:`. */
export function PlainText({ text }: { text: string }) {
  const shown = text.replaceAll(/:([a-z0-9_+-]+):/g, (_all, name: string) => emojiOf(name));
  return <span className="plain">{shown}</span>;
}

/** @returns the text of a text object, for labels */
export function plainOf(text: unknown): string {
  const content = (text as { text?: unknown } | undefined)?.text;
  return typeof content === 'string'
    ? content.replaceAll(/:([a-z0-9_+-]+):/g, (_all, name: string) => emojiOf(name))
    : '';
}
