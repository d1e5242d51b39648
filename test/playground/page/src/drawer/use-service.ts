import { useCallback, useEffect, useState } from 'react';
import type { ServiceCommand, ServiceState } from '../../../service-state.ts';
import { useActions, useApi, useAppState } from '../store.ts';

const lookMs = 700;
/** For the one line that says whether it runs. */
export const glanceMs = 1_000;

export interface ServiceHandle {
  /** Undefined where the page was started without a service, or before the first answer. */
  readonly service: ServiceState | undefined;
  readonly command: (what: ServiceCommand) => void;
}

/** The service's state, asked for again and again while somebody looks. */
export function useService(everyMs = lookMs): ServiceHandle {
  const api = useApi();
  const actions = useActions();
  const there = useAppState((state) => state.world?.controls?.includes('GET service') ?? false);
  const [service, setService] = useState<ServiceState>();

  useEffect(() => {
    if (!there) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const ask = async () => {
      // While the server is away, the page says so anyway.
      const next = await api.request<ServiceState>('GET', '/control/service').catch(() => undefined);
      if (ended) return;
      if (next) setService(next);
      timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [api, there, everyMs]);

  const command = useCallback(
    (what: ServiceCommand) => {
      api
        .request<ServiceState>('POST', '/control/service', { do: what })
        .then(setService)
        .catch((error: Error) => actions.toast(error.message));
    },
    [api, actions],
  );
  return { service, command };
}
