import { findEnclosure } from '../../../frontdesk/hosts/enclosure.ts';
import { createSilentLog } from '../../../mcp-servers/kit/log.ts';
import { openWorkspaces } from '../../../mcp-servers/workspaces/open.ts';

/** Makes one workspace, telling each step on stdout. Runs in the child process that killed.test.ts kills. */
export async function makeUntilKilled(root: string, programs: string): Promise<void> {
  const [, ...unshared] = await findEnclosure();
  const workspaces = await openWorkspaces({
    root,
    projects: [],
    environment: { PATH: programs, GIT_CONFIG_GLOBAL: '/dev/null' },
    // As the service runs git: a process more between us and it.
    enclosure: unshared.length === 0 ? [] : ['/usr/bin/unshare', ...unshared],
    log: createSilentLog(),
    now: Date.now,
  });
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say('ready');
  const project = { category: 'ai-dev', project: 'shop' };
  const request = { project, repositories: ['api', 'web'], title: 'X', createdBy: 'U1' };
  await workspaces.create(request, say, new AbortController().signal);
  say('made');
}
