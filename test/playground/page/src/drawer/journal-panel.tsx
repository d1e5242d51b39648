import { useEffect, useMemo, useRef, useState } from 'react';
import { useActions, useAppState } from '../store.ts';
import type { JournalEntry } from '../wire.ts';
import { CauseView } from './cause-view.tsx';
import { filterCauses, groupByCause } from './causes.ts';

/** What passes between Slack and the app, live: grouped by what caused it. */
export function JournalPanel() {
  const actions = useActions();
  const live = useAppState((state) => state.journal);
  const bot = useAppState((state) => state.world?.bot.userId ?? '');
  const [frozen, setFrozen] = useState<readonly JournalEntry[]>();
  const [words, setWords] = useState('');
  const [troubleOnly, setTroubleOnly] = useState(false);
  const shown = frozen ?? live;
  const causes = useMemo(
    () => filterCauses(groupByCause(shown, bot), words, troubleOnly),
    [shown, bot, words, troubleOnly],
  );
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  useEffect(() => void actions.loadJournal(), [actions]);
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [causes]);
  return (
    <div className="pg-journal">
      <div className="pg-form">
        <label>
          Filter
          <input
            type="search"
            value={words}
            placeholder="chat.update, C_DEV, ratelimited…"
            onChange={({ target }) => setWords(target.value.trim())}
          />
        </label>
        <label className="pg-check">
          <input
            type="checkbox"
            checked={troubleOnly}
            onChange={({ target }) => setTroubleOnly(target.checked)}
          />
          only slow or failed
        </label>
        <button
          type="button"
          aria-pressed={frozen !== undefined}
          onClick={() => setFrozen(frozen ? undefined : live)}
        >
          {frozen ? `Go on (${live.length - frozen.length} new)` : 'Pause'}
        </button>
      </div>
      <ol
        ref={list}
        className="pg-causes"
        // Scrollable, so it must be reachable by keyboard.
        tabIndex={0}
        aria-label="Journal"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {causes.map((cause) => (
          <CauseView key={cause.key} cause={cause} bot={bot} />
        ))}
      </ol>
      {causes.length === 0 && <p className="pg-muted">Nothing yet. Say something to the bot.</p>}
    </div>
  );
}
