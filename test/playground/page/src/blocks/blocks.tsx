import { memo } from 'react';
import type { Block, Json } from '../wire.ts';
import { Element } from './element.tsx';
import { list, str } from './json.ts';
import { InputBlock } from './input-block.tsx';
import { Markdown } from './markdown.tsx';
import { plainOf, TextObject } from './mrkdwn.tsx';
import { RawBlock } from './raw-block.tsx';
import { RichText } from './rich-text.tsx';
import { SafeImage } from './safe-image.tsx';
import { useSurface } from './surface.ts';
import { Table } from './table.tsx';
import { Plan, TaskCard } from './task.tsx';

function Section({ block }: { block: Block }) {
  const accessory = block['accessory'] as Json | undefined;
  return (
    <div className="section">
      <div className="section-text">
        {block['text'] !== undefined && <TextObject text={block['text']} />}
        {list(block['fields']).length > 0 && (
          <div className="section-fields">
            {list(block['fields']).map((field, at) => (
              <div key={at}>
                <TextObject text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div className="section-accessory">
          <Element element={accessory} blockId={block.block_id} />
        </div>
      )}
    </div>
  );
}

function Elements({ block, className }: { block: Block; className: string }) {
  return (
    <div className={className}>
      {list(block['elements'] ?? block['actions']).map((element, at) => (
        <Element key={str(element['action_id'], String(at))} element={element} blockId={block.block_id} />
      ))}
    </div>
  );
}

function Context({ block }: { block: Block }) {
  return (
    <div className="context">
      {list(block['elements']).map((element, at) =>
        element['type'] === 'image' ? (
          <SafeImage key={at} url={element['image_url']} alt={String(element['alt_text'])} />
        ) : (
          <div key={at}>
            <TextObject text={element} />
          </div>
        ),
      )}
    </div>
  );
}

function Picture({ block }: { block: Block }) {
  const title = plainOf(block['title']);
  return (
    <figure className="block-image">
      {title && <figcaption>{title}</figcaption>}
      <SafeImage url={block['image_url']} alt={String(block['alt_text'])} />
    </figure>
  );
}

function Header({ block }: { block: Block }) {
  const { kind } = useSurface();
  return (
    <div className="block-header" role="heading" aria-level={kind === 'message' ? 3 : 2}>
      {plainOf(block['text'])}
    </div>
  );
}

function Card({ block }: { block: Block }) {
  return (
    <div className="card">
      {block['title'] !== undefined && (
        <div className="card-title">
          <TextObject text={block['title']} />
        </div>
      )}
      {['subtitle', 'body'].map(
        (part) => block[part] !== undefined && <TextObject key={part} text={block[part]} />,
      )}
      {list(block['actions']).length > 0 && <Elements block={block} className="actions" />}
    </div>
  );
}

const drawn: Readonly<Record<string, (props: { block: Block }) => React.ReactNode>> = {
  actions: ({ block }) => <Elements block={block} className="actions" />,
  alert: ({ block }) => (
    <div className={`alert alert-${str(block['level'], 'default')}`} role="note">
      <TextObject text={block['text']} />
    </div>
  ),
  card: Card,
  carousel: ({ block }) => (
    <div className="carousel">
      {list(block['elements']).map((card, at) => (
        <Card key={at} block={card as Block} />
      ))}
    </div>
  ),
  container: ({ block }) => (
    <details className="plan" open>
      <summary>{plainOf(block['title'])}</summary>
      <Blocks blocks={list(block['child_blocks']) as Block[]} />
    </details>
  ),
  context: Context,
  context_actions: ({ block }) => <Elements block={block} className="actions" />,
  data_table: Table,
  divider: () => <hr />,
  header: Header,
  image: Picture,
  input: InputBlock,
  markdown: ({ block }) => <Markdown text={str(block['text'])} />,
  plan: Plan,
  rich_text: RichText,
  section: Section,
  table: Table,
  task_card: ({ block }) => <TaskCard task={block} />,
};

/** Blocks of a message, a modal or App Home. What is done in them goes to the Surface around them. */
export const Blocks = memo(function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, at) => {
        const Draw = drawn[block.type];
        const key = `${block.type} ${block.block_id ?? at}`;
        return Draw ? (
          <Draw key={key} block={block} />
        ) : (
          <RawBlock key={key} value={block} what={`Block “${block.type}”`} />
        );
      })}
    </div>
  );
});
