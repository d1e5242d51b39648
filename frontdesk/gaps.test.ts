import { expect, it } from 'vitest';
import { findGaps } from './gaps.ts';

const told = (o: Partial<Parameters<typeof findGaps>[0]>) =>
  findGaps({ allowedUsers: ['U_ANNA'], workspaceRoot: '/work', projects: 1, ...o }).map(
    ({ msg, fix }) => `${msg.split(':')[0]} → ${fix}`,
  );

it('IN-2, OP-5: a start says what it will do without, and how to have it', () => {
  expect(told({})).toEqual([]);
  expect(told({ allowedUsers: [] })).toEqual(['frontdesk.allowlist.empty → Set SLACK_ALLOWED_USERS.']);
  expect(told({ workspaceRoot: undefined, projects: 0 })).toEqual([
    'frontdesk.workspaces.off → Set FRONTDESK_WORKSPACE_ROOT to a folder with your git repositories in repos/.',
  ]);
  expect(told({ projects: 0 })).toEqual([
    'frontdesk.projects.none → List projects in /work/.ai/projectlist.md, or set FRONTDESK_PROJECTS.',
  ]);
});
