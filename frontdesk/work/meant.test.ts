import { describe, expect, it } from 'vitest';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { Shown } from '../slack-in/surfaces.ts';
import { anna, createWorkWorld, thread } from '../../test/support/work-world.ts';
import { workspaceInfo } from '../../test/support/workspace-info.ts';
import type { Command } from './commands.ts';
import { decideMeant } from './meant.ts';
import { createWorkSurfaces } from './surfaces.ts';

const here = thread('');
const elsewhere = { ...thread('9.0'), channel: 'C9' };
const login = workspaceInfo('login', thread('1.0'));
const search = workspaceInfo('search', thread('2.0'));
const far = workspaceInfo('far', elsewhere);
const loose = workspaceInfo('loose', null);

function meant(command: Command, infos: readonly WorkspaceInfo[], ref = here): unknown {
  const found = decideMeant(command, infos, ref);
  if (found.is === 'open') return found.choices.map(({ name }) => name);
  return 'workspace' in found.command ? found.command.workspace : 'none';
}

describe('a command without a name, outside of a thread', () => {
  it.each([
    ['the only one of this channel', [far, loose, login], 'login'],
    ['the only one there is', [far], 'far'],
    [
      'several in this channel: a choice of all, those of it first',
      [far, search, login],
      ['search', 'login', 'far'],
    ],
    ['several, none in this channel', [far, loose], ['far', 'loose']],
    ['none at all', [], 'none'],
  ])('IN-8: %s', (_, infos, expected) => {
    for (const verb of ['pause', 'deploy', 'logs', 'undeploy', 'cleanup', 'stop'] as const)
      expect(meant({ verb }, infos)).toEqual(expected);
    expect(meant({ verb: 'test', suites: ['unit'] }, infos)).toEqual(expected);
    expect(meant({ verb: 'events', on: true }, infos)).toEqual(expected);
  });

  it('IN-8: the one plugged into this very DM goes before others of it', () => {
    const dm = { ...thread(''), channel: 'D1', dm: true };
    const infos = [workspaceInfo('mine', dm), workspaceInfo('side', { ...dm, thread: '5.0' }), login];
    expect(meant({ verb: 'deploy' }, infos, dm)).toBe('mine');
  });

  it('WS-4: what is to be plugged in is not guessed from what is plugged in here', () => {
    expect(meant({ verb: 'plug' }, [login, far])).toEqual(['login', 'far']);
    expect(meant({ verb: 'plug' }, [far])).toBe('far');
  });

  it('IN-8: names are kept, and what needs none gets none; where several could be meant, the status is that of all', () => {
    expect(meant({ verb: 'pause', workspace: 'x' }, [login])).toBe('x');
    expect(meant({ verb: 'list' }, [login])).toBe('none');
    expect(meant({ verb: 'status' }, [login, far])).toBe('login');
    expect(meant({ verb: 'status' }, [login, search])).toBe('none');
  });
});

it('IN-8: `/opencode test unit` asks which workspace, and does it with the one chosen', async () => {
  const world = createWorkWorld();
  const { work, ports } = world.live();
  const [done, whispers]: [Command[], string[]] = [[], []];
  const surfaces = createWorkSurfaces({
    work: () => ({
      ...work,
      async run(_, command) {
        done.push(command);
        return { text: `did ${command.verb}`, shown: false };
      },
    }),
    workspaces: {
      ...ports.workspaces,
      list: () => [search, login],
      projects: async () => ({ projects: [], ignored: [] }),
    },
    chat: {
      ...ports.chat,
      whisper: async (_: unknown, __: string, text: string) => void whispers.push(text),
    },
    rooms: { submit: async () => null },
  });
  const by = { person: anna, ref: here, requestId: '1' };
  const view = viewOf(await surfaces.command(by, 'test unit'));
  const [, { element }] = view['blocks'] as [unknown, { element: { options: { value: string }[] } }];
  expect(element.options.map(({ value }) => value)).toEqual(['test unit search', 'test unit login']);
  expect(done).toEqual([]);
  const values = { command: { command: { selected_option: element.options[1] } } };
  await surfaces.submit(by, String(view['callback_id']), { ...view, state: { values } });
  expect(done).toEqual([{ verb: 'test', suites: ['unit'], workspace: 'login' }]);
  expect(whispers).toEqual(['did test']);
});

function viewOf(shown: Shown): Record<string, unknown> {
  if (shown === null || !('view' in shown)) throw new Error('no form');
  return shown.view;
}
