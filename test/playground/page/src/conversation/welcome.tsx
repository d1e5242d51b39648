import { useActions, useAppState } from '../store.ts';
import { useSuggest } from '../tour/use-suggest.ts';
import { Icon } from '../ui/icon.tsx';

const firstWords = ['hello', 'start JWT auth, ask me which database in domain-apis'];

/** An empty channel: what to say, by a click, and the tour. Only `npm run try` knows what its bot understands. */
export function Welcome({ direct, bot }: { readonly direct: boolean; readonly bot: string }) {
  const { toggle } = useActions();
  const suggest = useSuggest();
  const isTry = useAppState((state) => state.world?.controls?.includes('GET service') ?? false);
  if (direct) return <p className="empty">Write to {bot}: no mention needed here.</p>;
  if (!isTry) return <p className="empty">Nothing here yet. Try “@{bot} hello”.</p>;
  return (
    <section className="welcome" aria-label="Begin here">
      <p>Nothing here yet. Click one of these, then press Enter:</p>
      {firstWords.map((words) => (
        <button key={words} type="button" className="button" onClick={() => suggest(words, true)}>
          @{bot} {words}
        </button>
      ))}
      <button type="button" className="button button-primary" onClick={() => toggle('tour', true)}>
        <Icon name="flag" /> Take the tour: eight steps
      </button>
    </section>
  );
}
