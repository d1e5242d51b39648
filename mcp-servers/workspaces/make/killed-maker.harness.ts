/** Makes one workspace after the other until it is killed. For make/killed.test.ts. */
import { createSilentLog } from '../../kit/log.ts';
import { openWorkspaces } from '../open.ts';

const [root = '', path = '', title = ''] = process.argv.slice(2);
const workspaces = await openWorkspaces({
  root,
  projects: [],
  environment: { PATH: path, GIT_CONFIG_GLOBAL: '/dev/null' },
  log: createSilentLog(),
  now: Date.now,
});
const say = (line: string) => process.stdout.write(`${line}\n`);
say('ready');
await workspaces.create(
  { project: { category: 'ai-dev', project: 'shop' }, repositories: ['api', 'web'], title, createdBy: 'U1' },
  say,
  new AbortController().signal,
);
say('made');
