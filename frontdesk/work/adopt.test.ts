import { expect, it } from 'vitest';
import { workspaceInfo } from '../../test/support/workspace-info.ts';
import { nameFor } from './adopt.ts';
import { adoptedPrompt } from './adopted-prompt.ts';

const project = { category: 'ai-dev', project: 'shop' };

/** @returns the workspace a task of this title gets where `ai-dev-shop` has this other one */
function nameBeside(title: string, other: string): string {
  const known = workspaceInfo('ai-dev-shop', null);
  const there = { ...known, state: { ...known.state, title: other } };
  const find = (name: string) => (name === there.name ? there : undefined);
  return nameFor({ find }, { project, title, repositories: [], description: '', priority: 'normal' });
}

it("WS-6: begun outside of its repositories, the person reads where OpenCode's page lists it from now on", () => {
  const info = workspaceInfo('ai-dev-shop', null);
  const { repositories } = info.state;
  const told = `under ${info.folder} from now on`;
  expect(adoptedPrompt(info, '/w')).toContain(told);
  expect(adoptedPrompt(info, `/w/repos/${repositories[0]}/src`)).not.toContain(told);
});

it('WS-1: titles in other scripts are tasks of their own, though their names begin alike', () => {
  expect(nameBeside('検索', 'ログイン')).toBe('ai-dev-shop-2');
  expect(nameBeside('🎉', '🚀')).toBe('ai-dev-shop-2');
  expect(nameBeside('ログイン', 'ログイン')).toBe('ai-dev-shop');
});
