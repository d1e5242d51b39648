#!/usr/bin/env node
import { flushCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { describeError, FrontdeskError } from '../mcp-servers/kit/errors.ts';
import { loadConfig } from './config/load.ts';
import {
  slackAloneSchema,
  labAloneSchema,
  labCommandSchema,
  sessionsAloneSchema,
  testsAloneSchema,
  workspacesAloneSchema,
} from './config/schema.ts';

const usage = `frontdesk start        serve Slack (settings: frontdesk/config/README.md); npm run try needs none
frontdesk mcp slack    one MCP server over stdio, for any MCP client; also: workspaces, sessions, lab, tests
frontdesk lab list     the labs of the running service; frontdesk lab clean <workspace> removes one
`;

/** A stop that hangs is ended: OP-4 allows 10 s, and whatever is stored is safe by then. */
const stopWithinMs = 9500;

/** All is closed; what a library still waits for (Slack’s to answer a retry, say) concerns nobody. */
const lingerMs = 300;

async function start(): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
    // Also while it starts.
    setTimeout(() => process.exit(1), stopWithinMs).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  const { startFrontdesk } = await import('./app.ts');
  // Here, and not at the end, which has to be quick.
  flushCompileCache();
  await using _service = await startFrontdesk({ config: loadConfig(process.env), environment: process.env });
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    else stop.signal.addEventListener('abort', () => resolve());
  });
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  const [command = '', server = ''] = positionals;
  if (values['help'] === true || command === 'help') return void process.stdout.write(usage);
  if (command === 'start') {
    await start();
    setTimeout(() => process.exit(), lingerMs).unref();
    return;
  }
  // Each loads what it needs, and no more: coding agents start many an MCP server.
  if (command === 'mcp' && server === 'slack') {
    const { runSlackAlone } = await import('./alone/slack.ts');
    return await runSlackAlone(loadConfig(process.env, slackAloneSchema));
  }
  if (command === 'mcp' && server === 'lab') {
    const { runLabAlone } = await import('./alone/lab.ts');
    return await runLabAlone(loadConfig(process.env, labAloneSchema), process.env);
  }
  if (command === 'mcp' && server === 'tests') {
    const { runTestsAlone } = await import('./alone/tests.ts');
    return await runTestsAlone(loadConfig(process.env, testsAloneSchema), process.env);
  }
  if (command === 'mcp' && server === 'workspaces') {
    const { runWorkspacesAlone } = await import('./alone/workspaces.ts');
    return await runWorkspacesAlone(loadConfig(process.env, workspacesAloneSchema), process.env);
  }
  if (command === 'mcp' && server === 'sessions') {
    const { runSessionsAlone } = await import('./alone/sessions.ts');
    return await runSessionsAlone(loadConfig(process.env, sessionsAloneSchema));
  }
  if (command === 'lab') {
    const { runLabCommand } = await import('./lab-command.ts');
    const { port, apiToken: token } = loadConfig(process.env, labCommandSchema);
    const text = await runLabCommand({ words: positionals.slice(1), port, token });
    if (text !== undefined) return void process.stdout.write(text);
  }
  const words = positionals.join(' ');
  process.stderr.write(words === '' ? usage : `There is no “frontdesk ${words}”.\n\n${usage}`);
  process.exitCode = 2;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof FrontdeskError ? error.advice : describeError(error)}\n`);
  process.exitCode = 1;
}
