import { memo, useMemo } from 'react';
import { Blocks } from '../blocks/blocks.tsx';
import { str } from '../blocks/json.ts';
import { Mrkdwn } from '../blocks/mrkdwn.tsx';
import { SurfaceContext, type Surface } from '../blocks/surface.ts';
import { useActions } from '../store.ts';
import type { Block, Json, Message } from '../wire.ts';
import { Files } from './files.tsx';

function Attachment({ attachment }: { attachment: Json }) {
  const { blocks, text, fallback, color } = attachment;
  return (
    <div
      className="attachment"
      style={
        typeof color === 'string' && /^#?[0-9a-f]{6}$/i.test(color)
          ? { borderColor: `#${color.replace('#', '')}` }
          : {}
      }
    >
      {Array.isArray(blocks) ? (
        <Blocks blocks={blocks as Block[]} />
      ) : (
        <Mrkdwn text={str(text ?? fallback)} />
      )}
    </div>
  );
}

/** What a message says: its blocks where it has some, otherwise its text; attachments, files. */
export const MessageBody = memo(function MessageBody({
  channel,
  message,
}: {
  channel: string;
  message: Message;
}) {
  const { act } = useActions();
  const { ts } = message;
  const surface = useMemo<Surface>(
    () => ({
      kind: 'message',
      act: async (target) => {
        await act({ do: 'click', channel, ts, target });
      },
    }),
    [act, channel, ts],
  );
  const hasBlocks = message.blocks && message.blocks.length > 0;
  const growing = message.stream === 'open';
  return (
    <SurfaceContext value={surface}>
      <div className={growing ? 'message-body growing' : 'message-body'} aria-busy={growing}>
        {hasBlocks ? <Blocks blocks={message.blocks} /> : <Mrkdwn text={message.text} />}
        {growing && <span className="caret" role="img" aria-label="still writing" />}
        {message.edited && <span className="edited">(edited)</span>}
        {message.attachments?.map((attachment, at) => (
          <Attachment key={at} attachment={attachment} />
        ))}
        <Files files={message.files} />
      </div>
    </SurfaceContext>
  );
});
