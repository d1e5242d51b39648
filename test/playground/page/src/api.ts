import type {
  Act,
  ActResult,
  Change,
  FaultOrder,
  JournalEntry,
  Message,
  SocketsOrder,
  World,
} from './wire.ts';

/** A refusal of the control API, in its words. */
class ApiError extends Error {
  override readonly name = 'ApiError';
}

export interface ChangesListener {
  /** Connected, now or again: whatever was missed is not repeated. */
  readonly open: () => void;
  readonly lost: () => void;
  readonly change: (change: Change) => void;
  readonly journal: (entry: JournalEntry) => void;
}

/** Client of the Slack server's control API, on the origin that served the page. Everything throws ApiError. */
export interface Api {
  state(): Promise<World>;
  /** Roots of a channel; with `thread` its root and replies, oldest first. */
  messages(channel: string, thread?: string): Promise<Message[]>;
  /** Those of the given messages that are still there. */
  messagesByTs(channel: string, ts: readonly string[]): Promise<Message[]>;
  journal(after: number): Promise<JournalEntry[]>;
  act(as: string, act: Act): Promise<ActResult>;
  addFault(fault: FaultOrder): Promise<void>;
  clearFaults(): Promise<void>;
  sockets(order: SocketsOrder): Promise<void>;
  /** Where a file's content is. */
  fileUrl(id: string): string;
  /** Any other request of the same kind, such as the playground's own `/control/service/…`. */
  request<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** Server-sent events, from now on; reconnects by itself. @returns the function that ends it */
  watch(listener: ChangesListener): () => void;
}

/** More than any conversation here holds. */
const limit = '2000';
/** Milliseconds. */
const reconnectMs = 2_000;

function query(path: string, params: Record<string, string | undefined>): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${path}?${new URLSearchParams(given)}`;
}

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(path, { method, ...init, headers: { 'content-type': 'application/json' } });
  } catch {
    throw new ApiError('The Slack server does not answer. Is “npm run try” still running?');
  }
  const answer = (await response.json().catch(() => ({ error: `status ${response.status}` }))) as T;
  if (!response.ok) throw new ApiError((answer as { error?: string }).error ?? `status ${response.status}`);
  return answer;
}

/** @returns the API of the server that served this page */
export function createApi(): Api {
  const post = async (path: string, body: unknown) => {
    await request('POST', path, body);
  };
  return {
    request,
    state: () => request('GET', '/control/state'),
    messages: (channel, thread) => request('GET', query('/control/messages', { channel, thread, limit })),
    messagesByTs: (channel, ts) => request('GET', query('/control/messages', { channel, ts: ts.join(',') })),
    journal: (after) => request('GET', query('/control/journal', { after: String(after) })),
    act: (as, act) => request('POST', '/control/act', { as, ...act }),
    addFault: (fault) => post('/control/faults', fault),
    clearFaults: () => request('DELETE', '/control/faults'),
    sockets: (order) => post('/control/sockets', order),
    fileUrl: (id) => query('/control/file', { id }),
    watch({ open, lost, change, journal }) {
      const data = (event: Event): unknown => JSON.parse((event as MessageEvent<string>).data);
      let source: EventSource | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const connect = () => {
        // A seq nobody reaches: the journal so far is fetched by whoever shows it.
        const stream = new EventSource(query('/control/changes', { after: String(Number.MAX_SAFE_INTEGER) }));
        source = stream;
        stream.addEventListener('open', open);
        stream.addEventListener('change', (event) => change(data(event) as Change));
        stream.addEventListener('journal', (event) => journal(data(event) as JournalEntry));
        stream.addEventListener('error', () => {
          lost();
          // After an answer that is no stream the browser does not try again by itself.
          if (stream.readyState === EventSource.CLOSED) timer = setTimeout(connect, reconnectMs);
        });
      };
      connect();
      return () => {
        clearTimeout(timer);
        source?.close();
      };
    },
  };
}
