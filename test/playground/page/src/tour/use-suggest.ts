import { useActions, useAppState } from '../store.ts';

/** Puts words into the message field: of the open thread, or of a channel with a mention. */
export function useSuggest() {
  const actions = useActions();
  const world = useAppState((state) => state.world);
  const { channel, home, thread } = useAppState((state) => state.route);
  return (words: string, outside: boolean) => {
    if (thread !== '' && !outside) {
      actions.setDraft(`${channel}:${thread}`, words);
    } else {
      const rooms = (world?.channels ?? []).filter(({ is_im }) => !is_im);
      // A mention in a direct message would be no mention to Slack.
      const room = rooms.find(({ id }) => id === channel && !home) ?? rooms.at(-1);
      if (!room) return;
      actions.go({ channel: room.id, thread: '' });
      actions.setDraft(room.id, `@${world?.bot.name ?? ''} ${words}`);
    }
    focusField(words);
  };
}

const mostFrames = 60;

/** Once the field with these words is drawn: the place may just have changed, and a thread be closing. */
function focusField(words: string, frames = mostFrames): void {
  requestAnimationFrame(() => {
    const fields = [...document.querySelectorAll<HTMLTextAreaElement>('.composer textarea')];
    const field = fields.findLast(({ value }) => value.endsWith(words));
    if (field) field.focus();
    else if (frames > 0) focusField(words, frames - 1);
  });
}
