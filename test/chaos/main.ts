/**
 * The service as the chaos tests run it: what `frontdesk start` does, but it kills itself (-9) at a named point when
 * told so, over IPC or, for points passed while it starts, by CHAOS_KILL.
 */
import { flushCompileCache } from 'node:module';
import { setClock } from './skewed-clock.ts';
import { startFrontdesk } from '../../frontdesk/app.ts';
import { loadConfig } from '../../frontdesk/config/load.ts';
import type { ProbePoint } from '../../mcp-servers/kit/probe.ts';
import { parseKill } from './kill.ts';

let armed = parseKill(process.env['CHAOS_KILL'] ?? '');
let passed = 0;

process.on('message', (message) => {
  if (setClock(String(message))) return;
  armed = parseKill(String(message));
  passed = 0;
});

function probe(point: ProbePoint): void {
  if (armed?.point !== point) return;
  passed += 1;
  if (passed === armed.count) process.kill(process.pid, 'SIGKILL');
}

const stop = new AbortController();
process.on('SIGTERM', () => {
  stop.abort();
  // Not what keeps it alive, but it tells what does.
  setTimeout(() => {
    process.stdout.write(
      `${JSON.stringify({ msg: 'chaos.lingers', by: process.getActiveResourcesInfo() })}\n`,
    );
  }, 6000).unref();
});
// The test process is gone: nothing may be left running.
process.on('disconnect', () => stop.abort());
{
  await using _service = await startFrontdesk({
    config: loadConfig(process.env),
    environment: process.env,
    probe,
  });
  // Who is killed has no last moment to do it in.
  flushCompileCache();
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    else stop.signal.addEventListener('abort', () => resolve());
  });
}
if (process.connected) process.disconnect();
// As frontdesk/main.ts does.
setTimeout(() => process.exit(), 300).unref();
