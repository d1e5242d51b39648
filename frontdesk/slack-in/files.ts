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
    const content = new Uint8Array(await response.arrayBuffer());
    if (content.byteLength > maxBytes) return failed('it is larger than 20 MB');
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
    url.host === api.host ||
    (url.protocol === 'https:' && /(^|\.)slack(-files|-edge|-gov)?\.com$/.test(url.hostname))
  );
}
