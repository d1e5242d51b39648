import type { Json } from '../wire.ts';
import { str } from './json.ts';
import { PlainText } from './mrkdwn.tsx';
import { RichText } from './rich-text.tsx';

const states: Readonly<Record<string, { sign: string; label: string }>> = {
  pending: { sign: '○', label: 'pending' },
  in_progress: { sign: '', label: 'in progress' },
  complete: { sign: '✓', label: 'done' },
  error: { sign: '✗', label: 'failed' },
};

function Part({ value }: { value: unknown }) {
  if (typeof value === 'string') return <PlainText text={value} />;
  if (typeof value === 'object' && value !== null) return <RichText block={value as Json} />;
  return null;
}

/** One step of the app's work. */
export function TaskCard({ task }: { task: Json }) {
  const status = String(task['status']);
  const { sign, label } = states[status] ?? { sign: '·', label: status };
  const { details, output } = task;
  return (
    <div className={`task task-${status}`}>
      <span className="task-sign" role="img" aria-label={label}>
        {sign}
      </span>
      <div className="task-body">
        <div className="task-title">{String(task['title'])}</div>
        {details !== undefined && (
          <div className="task-details">
            <Part value={details} />
          </div>
        )}
        {output !== undefined && (
          <div className="task-output">
            <Part value={output} />
          </div>
        )}
      </div>
    </div>
  );
}

/** Steps under a title, foldable. */
export function Plan({ block }: { block: Json }) {
  const tasks = Array.isArray(block['tasks']) ? (block['tasks'] as Json[]) : [];
  const done = tasks.filter(({ status }) => status === 'complete').length;
  return (
    <details className="plan" open>
      <summary>
        {String(block['title']) || 'Plan'} <small>{tasks.length > 0 && `${done} of ${tasks.length}`}</small>
      </summary>
      {tasks.map((task, at) => (
        <TaskCard key={str(task['task_id'], String(at))} task={task} />
      ))}
    </details>
  );
}
