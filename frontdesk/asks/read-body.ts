import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Waiting } from './decide.ts';
import type { AskPorts } from './ports.ts';
import { parseHostRequest } from './request.ts';

/** What a host asks, as a person must see it (AS-1): one too large for an event is read whole. Never fails. */
export async function readBody(
  { hosts, log }: Pick<AskPorts, 'hosts' | 'log'>,
  host: string,
  directory: string,
  { kind, requestId, request, cut = false }: Waiting,
): Promise<Ask['body']> {
  if (!cut) return parseHostRequest(kind, request);
  try {
    const whole = await hosts.readRequest({ host, directory, requestId });
    return parseHostRequest(kind, whole.request, whole.cut);
  } catch (error) {
    // An older bridge, or it is over: its beginning, and the card says so.
    log.warn({ err: describeError(error), host, requestId }, 'asks.request.cut');
    return parseHostRequest(kind, request, true);
  }
}
