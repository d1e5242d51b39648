/** OpenCode's own UI, as its web page and terminal use it: the HTTP API of the service's host, with its password. */
import { readFileSync } from 'node:fs';
import { basicAuth } from '../../frontdesk/opencode/client.ts';
import type { Stage } from './stage.ts';

/** Of the host that runs now. */
export function openUi(stage: Pick<Stage, 'logText'>, directory: string) {
  const started = [...stage.logText().matchAll(/"pid":(\d+),"url":"([^"]+)"[^\n]*hosts\.local\.ready/g)];
  const [, pid = '', url = ''] = started.at(-1) ?? [];
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  const password =
    environment.find((line) => line.startsWith('OPENCODE_SERVER_PASSWORD='))?.split('=')[1] ?? '';
  return {
    pid: Number(pid),
    url,
    password,
    async call(method: string, path: string, body?: object): Promise<unknown> {
      const response = await fetch(`${url}${path}?directory=${encodeURIComponent(directory)}`, {
        method,
        headers: { authorization: basicAuth(password), 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
  };
}
