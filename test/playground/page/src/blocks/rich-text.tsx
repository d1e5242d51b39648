import type { ReactNode } from 'react';
import type { Json } from '../wire.ts';
import { list, str } from './json.ts';
import { ChannelMention, Emoji, ExternalLink, UserMention } from './mrkdwn.tsx';

function styled(node: ReactNode, style: unknown): ReactNode {
  const { bold, italic, strike, code } = (style ?? {}) as Record<string, boolean | undefined>;
  let result = node;
  if (code) result = <code>{result}</code>;
  if (strike) result = <s>{result}</s>;
  if (italic) result = <em>{result}</em>;
  if (bold) result = <strong>{result}</strong>;
  return result;
}

function contentOf(element: Json): ReactNode {
  switch (element['type']) {
    case 'text':
      return str(element['text']);
    case 'link':
      return (
        <ExternalLink url={str(element['url'])}>{str(element['text']) || str(element['url'])}</ExternalLink>
      );
    case 'emoji':
      return <Emoji name={str(element['name'])} />;
    case 'user':
      return <UserMention id={str(element['user_id'])} />;
    case 'channel':
      return <ChannelMention id={str(element['channel_id'])} />;
    case 'broadcast':
      return <span className="mention mention-me">@{str(element['range'])}</span>;
    case 'usergroup':
      return <span className="mention">@{str(element['usergroup_id'])}</span>;
    case 'date':
      return str(element['fallback']) || new Date(Number(element['timestamp']) * 1_000).toLocaleString();
    case 'color':
      return <code>{str(element['value'])}</code>;
    default:
      return <code>{JSON.stringify(element)}</code>;
  }
}

function Inlines({ elements }: { elements: unknown }) {
  return list(elements).map((element, at) => (
    <span key={at}>{styled(contentOf(element), element['style'])}</span>
  ));
}

function Part({ part }: { part: Json }) {
  switch (part['type']) {
    case 'rich_text_preformatted':
      return (
        <pre>
          <Inlines elements={part['elements']} />
        </pre>
      );
    case 'rich_text_quote':
      return (
        <blockquote>
          <Inlines elements={part['elements']} />
        </blockquote>
      );
    case 'rich_text_list': {
      const Tag = part['style'] === 'ordered' ? 'ol' : 'ul';
      const start = part['style'] === 'ordered' ? { start: Number(part['offset'] ?? 0) + 1 } : {};
      return (
        <Tag {...start} style={{ marginInlineStart: `${Number(part['indent'] ?? 0) * 24}px` }}>
          {list(part['elements']).map((item, at) => (
            <li key={at}>
              <Inlines elements={item['elements']} />
            </li>
          ))}
        </Tag>
      );
    }
    default:
      return (
        <p>
          <Inlines elements={part['elements']} />
        </p>
      );
  }
}

/** A rich_text block: nothing in it is parsed. */
export function RichText({ block }: { block: Json }) {
  return (
    <div className="rich-text">
      {list(block['elements']).map((part, at) => (
        <Part key={at} part={part} />
      ))}
    </div>
  );
}
