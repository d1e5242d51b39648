import './tour.css';
import { useEffect, useMemo, useState } from 'react';
import type { ServiceCommand } from '../../../service-state.ts';
import { useService } from '../drawer/use-service.ts';
import { useActions, useAppState } from '../store.ts';
import type { Facts } from './facts.ts';
import { beginning, goTo, isDone, loadProgress, observe, type Progress, saveProgress } from './progress.ts';
import { type Step, steps } from './steps.ts';
import { useSuggest } from './use-suggest.ts';

/** The guided tour: steps that tick themselves when what they ask for is seen to happen. */
export function Tour() {
  const actions = useActions();
  const [progress, setProgress] = useState(loadProgress);
  const { facts, command } = useFacts();
  useEffect(() => void actions.loadJournal(), [actions]);
  const { at } = progress;
  useEffect(() => {
    // At each new step at once: what is done from then on counts.
    if (facts) setProgress((now) => observe(now, facts));
  }, [facts, at]);
  useEffect(() => saveProgress(progress), [progress]);

  const step = steps[at];
  const done = isDone(progress, at);
  const next = () => setProgress(goTo(progress, at + 1));
  return (
    <section className="pg-tour" aria-label="Guided tour">
      <header className="pg-head">
        <h2>{step ? `${at + 1} of ${steps.length}: ${step.title}` : 'You have seen it all'}</h2>
        <Dots progress={progress} go={(index) => setProgress(goTo(progress, index))} />
        <button type="button" aria-label="Close the tour" onClick={() => actions.toggle('tour', false)}>
          ✕
        </button>
      </header>
      <div className="pg-step">
        {step ? (
          <Task step={step} command={command} canHarm={facts?.service?.state === 'ready'} />
        ) : (
          <p>
            The drawer for builders shows what went on behind it: the journal, and Slack’s misbehaviour to
            order.
          </p>
        )}
        <div>
          {step && <Checks step={step} seen={progress.seen[step.id] ?? []} />}
          <div className="pg-buttons">
            {step && (
              <button type="button" className={done ? 'pg-primary' : ''} onClick={next}>
                {done ? (at + 1 < steps.length ? 'Next' : 'Finish') : 'Skip this step'}
              </button>
            )}
            {at > 0 && (
              <button type="button" onClick={() => setProgress(beginning)}>
                Start over
              </button>
            )}
          </div>
        </div>
      </div>
    </section>
  );
}

function Dots({ progress, go }: { readonly progress: Progress; readonly go: (index: number) => void }) {
  return (
    <ol className="pg-dots">
      {steps.map(({ id, title }, index) => (
        <li key={id}>
          <button
            type="button"
            aria-current={index === progress.at ? 'step' : undefined}
            aria-label={`Step ${index + 1}: ${title}${isDone(progress, index) ? ', done' : ''}`}
            onClick={() => go(index)}
          >
            {isDone(progress, index) ? '✓' : index + 1}
          </button>
        </li>
      ))}
    </ol>
  );
}

interface TaskProps {
  readonly step: Step;
  readonly command: (what: ServiceCommand) => void;
  readonly canHarm: boolean;
}

/** What is to be done, with the words to say and the harm to do. */
function Task({ step: { text, suggestions, outside = false, harm }, command, canHarm }: TaskProps) {
  const suggest = useSuggest();
  return (
    <div>
      <p>{text}</p>
      <div className="pg-buttons" role="group" aria-label="Put into the message field">
        {suggestions.map((words) => (
          <button type="button" key={words} className="pg-suggestion" onClick={() => suggest(words, outside)}>
            💬 {words}
          </button>
        ))}
        {harm && (
          <button
            type="button"
            className="pg-danger"
            disabled={!canHarm}
            onClick={() => command(harm.command)}
          >
            {harm.label}
          </button>
        )}
      </div>
    </div>
  );
}

function Checks({ step, seen }: { readonly step: Step; readonly seen: readonly number[] }) {
  return (
    <div role="status">
      <ul className="pg-checks">
        {step.checks.map(({ label }, index) => (
          <li key={label} data-seen={seen.includes(index)}>
            <span aria-hidden="true">{seen.includes(index) ? '✅' : '⬜'}</span> {label}
            {seen.includes(index) && <span className="pg-hidden">: seen</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Everything the checks look at; undefined until the page knows the workspace and the service. */
function useFacts() {
  const { service, command } = useService();
  const world = useAppState((state) => state.world);
  const journal = useAppState((state) => state.journal);
  const { roots, threads } = useAppState((state) => state.conversations);
  const person = useAppState((state) => state.route.person);
  const facts = useMemo((): Facts | undefined => {
    if (!world || !service) return undefined;
    return {
      now: Date.now(),
      person,
      allowed: service.allowed,
      bot: world.bot.userId,
      journal,
      // Roots are in both.
      messages: [
        ...new Map(
          [...Object.values(roots), ...Object.values(threads)].flat().map((one) => [one.ts, one]),
        ).values(),
      ],
      statuses: world.statuses,
      service,
    };
  }, [world, service, journal, roots, threads, person]);
  return { facts, command };
}
