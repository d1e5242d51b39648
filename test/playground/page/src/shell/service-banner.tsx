import type { ServiceState } from '../../../service-state.ts';
import { glanceMs, useService } from '../drawer/use-service.ts';
import { useAppState } from '../store.ts';

const later = 'What you write meanwhile is answered as soon as it is up.';

/** '' while it serves. */
function sayState({ state, starts }: ServiceState): string {
  if (state === 'ready') return '';
  if (state === 'stopping') return 'is stopping.';
  if (state === 'starting' || starts === 0) return `is starting. ${later}`;
  return `is not running; “Start” in Builder starts it. ${later}`;
}

/** Says why nothing answers while the service is away. */
export function ServiceBanner() {
  const { service } = useService(glanceMs);
  const bot = useAppState((state) => state.world?.bot.name ?? 'The bot');
  const words = service === undefined ? '' : sayState(service);
  return (
    <div role="status" aria-label="The service">
      {words !== '' && (
        <p className="banner">
          {bot} {words}
        </p>
      )}
    </div>
  );
}
