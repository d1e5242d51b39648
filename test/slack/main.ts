#!/usr/bin/env node
import { parseArgs } from 'node:util';

import { renderCoverage } from './coverage.ts';
import { startSlackServer } from './server.ts';

const help = `A Slack to build against, on this machine only.

  npm run slack -- [--port 3999] [--manifest path] [--scale 60] [--no-rate-limits] [--request-url URL]

  --coverage  prints the coverage table of the README
  --scale  makes Slack's minutes (retries, streams, response_url) pass that many times faster
`;

/** The same in every run, so that an app's settings stay valid when this is started again. */
const tokens = {
  bot: `xoxb-100000000000-200000000000-${'local'.repeat(5)}`,
  app: `xapp-1-A0FRONTDESK-300000000000-${'10ca1'.repeat(12)}`,
  signingSecret: '10ca1'.repeat(6),
};

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3999' },
    manifest: { type: 'string' },
    scale: { type: 'string', default: '1' },
    'no-rate-limits': { type: 'boolean', default: false },
    'request-url': { type: 'string' },
    coverage: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(help);
} else if (values.coverage) {
  process.stdout.write(`${renderCoverage()}\n`);
} else {
  const server = await startSlackServer({
    port: Number(values.port),
    ...(values.manifest === undefined ? {} : { manifestPath: values.manifest }),
    ...(values['request-url'] === undefined ? {} : { requestUrl: values['request-url'] }),
    clock: { now: () => Date.now(), scale: Number(values.scale) },
    rateLimits: !values['no-rate-limits'],
    tokens,
  });
  process.stdout.write(`Slack is at ${server.apiUrl}

  SLACK_API_URL=${server.apiUrl}
  SLACK_BOT_TOKEN=${server.botToken}
  SLACK_APP_TOKEN=${server.appToken}
  SLACK_SIGNING_SECRET=${server.signingSecret}

Write as Anna:
  curl -s ${server.url}/control/act -d '{"as":"U_ANNA","do":"post","channel":"C_DEV","text":"@frontdesk hello"}'
Read:
  curl -s '${server.url}/control/transcript?channel=C_DEV'
Ctrl-C ends it.
`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await server[Symbol.asyncDispose]();
}
