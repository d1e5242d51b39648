import { describe, expect, it } from 'vitest';
import { thread } from '../../test/support/work-world.ts';
import { workspaceInfo } from '../../test/support/workspace-info.ts';
import { findWorkspace } from './find-workspace.ts';

describe('which workspace is meant', () => {
  it.each([
    [
      [],
      'jwt',
      /^There is no workspace yet\. `\/opencode start` opens the form for one; or say what you want/,
    ],
    [['ops-a'], 'jwt', /None is called “jwt”\. There is `ops-a`\. Say a name, or a part of it\.$/],
    [['ops-a', 'ops-b'], undefined, /None is plugged into this thread\. There are `ops-a`, `ops-b`\. Say/],
    [['ops-a', 'ops-b'], 'ops', /Several could be meant: `ops-a`, `ops-b`\. Say/],
  ])('IN-8: of %j, “%s” is answered with what can be said', (names, said, advice) => {
    const infos = names.map((name) => workspaceInfo(name, null));
    const find = () => findWorkspace(infos, thread('1.0'), said);
    expect(find).toThrow(expect.objectContaining({ advice: expect.stringMatching(advice) }));
  });
});
