import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { FileRef, LoadedFile } from '../threads/incoming.ts';

/** IN-3. */
const maxBytes = 20 * 1024 * 1024;

/**
 * Fetches a file a person attached. The bot token goes along, so only to Slack's own hosts (or the API's, on loopback).
 * Never throws: what could not be had is said to the agent and the person.
 */
export async function loadFile(file: FileRef, botToken: string, slackApiUrl: string): Promise<LoadedFile> {
  const failed = (reason: string): LoadedFile => ({ ok: false, name: file.name, reason });
  if (file.size > maxBytes)
    return failed(`it is larger than 20 MB (${Math.ceil(file.size / 1024 / 1024)} MB)`);
  if (!URL.canParse(file.source) || !mayHoldFiles(new URL(file.source), new URL(slackApiUrl)))
    return failed('it is not stored at Slack');
  try {
    const response = await fetch(file.source, {
      headers: { authorization: `Bearer ${botToken}` },
      signal: AbortSignal.timeout(60_000),
      redirect: 'error',
    });
    if (!response.ok) return failed(`Slack answered ${response.status}`);
    const content = await readAtMost(response, maxBytes);
    if (content === null) return failed('it is larger than 20 MB');
    // Slack answers a missing scope with its login page, and 200.
    if (response.headers.get('content-type')?.startsWith('text/html') && file.mime !== 'text/html')
      return failed('Slack did not hand it out; the scope files:read may be missing');
    return { ok: true, name: file.name, mime: file.mime, content };
  } catch (error) {
    return failed(describeError(error));
  }
}

function mayHoldFiles(url: URL, api: URL): boolean {
  return (
    // Of the same scheme, too: the token does not go over a plain connection because an address asks for one.
    url.origin === api.origin ||
    (url.protocol === 'https:' && /(^|\.)slack(-files|-edge|-gov)?\.com$/.test(url.hostname))
  );
}

/** @returns null when there is more: what a file says of its size need not be so */
async function readAtMost({ body }: Response, most: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
