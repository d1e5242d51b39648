import type { Json } from '../wire.ts';
import { str } from './json.ts';
import { RichText } from './rich-text.tsx';

function Cell({ cell }: { cell: Json }) {
  if (cell['type'] === 'rich_text') return <RichText block={cell} />;
  return <>{str(cell['text'] ?? cell['value'])}</>;
}

/** table and data_table; the first row is the heading, as Slack draws it. */
export function Table({ block }: { block: Json }) {
  const [head = [], ...rows] = (Array.isArray(block['rows']) ? block['rows'] : []) as Json[][];
  const settings = (
    Array.isArray(block['column_settings']) ? block['column_settings'] : []
  ) as (Json | null)[];
  const align = (at: number) => {
    const side = settings[at]?.['align'];
    return side === 'right' || side === 'center' ? { style: { textAlign: side } as const } : {};
  };
  const caption = typeof block['caption'] === 'string' ? block['caption'] : '';
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={caption || 'Table'}>
      <table>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {head.map((cell, at) => (
              <th key={at} scope="col" {...align(at)}>
                <Cell cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column} {...align(column)}>
                  <Cell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
