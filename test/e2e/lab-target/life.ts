/**
 * One life of a service with a lab, as a process of its own. Deploys, and kills itself at the moment named: once the step of
 * that name is stored, `handle` once the keeper is, `ready`, or `stay` for none.
 */
import { asker, openLife, workspace } from '../../../mcp-servers/lab/local/ground.harness.ts';

import { findEnclosure } from '../../../frontdesk/hosts/enclosure.ts';

const [folder = '', moment = '', endWithService = ''] = process.argv.slice(2);
const { lab } = await openLife(folder, process.env, {
  endWithService: endWithService === 'yes',
  enclosure: await findEnclosure(),
});
lab.onChange(({ id, status, steps, handle }) => {
  const step = steps.at(-1);
  const isNow =
    (step?.status === 'running' && step.key === moment) ||
    (moment === 'handle' && 'pid' in handle) ||
    (moment === 'ready' && status === 'ready');
  if (isNow) process.kill(process.pid, 'SIGKILL');
  process.stdout.write(`${id} ${status} ${step?.key}\n`);
});
await (
  await lab.deploy({ workspace, ...asker })
).done;
// Until somebody ends it.
setInterval(() => {}, 60_000);
