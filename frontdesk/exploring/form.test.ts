import { describe, expect, it } from 'vitest';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';
import { newExploring } from './decide.ts';
import { buildForm, guessFor, parseAnswers } from './form.ts';

const projects: ProjectEntry[] = [
  {
    project: { category: 'ai-dev', project: 'domain-apis' },
    repositories: ['api', 'web'],
    description: 'APIs',
  },
  { project: { category: 'ops', project: 'infra' }, repositories: ['charts'], description: '' },
];
const record = {
  ...newExploring({ id: 's1', host: 'local', directory: '/w/repos/charts/src' }),
  title: 'Fix login',
  said: 'please fix it\nsoon',
};
const labels = (at: number, of = record) => buildForm(of, projects)[at]?.options.map(({ label }) => label);

describe('the form before the first write', () => {
  it('WS-6: is filled in from where the session began and the project list', () => {
    expect(guessFor(record, projects)).toEqual({
      project: { category: 'ops', project: 'infra' },
      repositories: ['charts'],
      title: 'Fix login',
    });
    expect(labels(0)).toEqual(['ops/infra (Recommended)', 'ai-dev/domain-apis']);
    expect(buildForm(record, projects)[1]?.question).toContain('ops-infra-fix-login');
    expect(labels(1)).toEqual(['Fix login']);
    expect(labels(2)).toEqual(['charts', 'All of the project (Recommended)', 'api', 'web']);
  });

  it('WS-6: guesses nothing where it cannot know', () => {
    const elsewhere = { ...record, directory: '/w', title: 'New session - 2026-11-20T05:00:00Z' };
    expect(guessFor(elsewhere, projects)).toEqual({
      project: undefined,
      repositories: [],
      title: 'please fix it',
    });
    expect(labels(0, elsewhere)).toEqual(['ai-dev/domain-apis', 'ops/infra']);
    expect(guessFor({ ...elsewhere, said: '' }, projects.slice(0, 1))).toMatchObject({
      project: { project: 'domain-apis' },
      title: 'Untitled work',
    });
    expect(buildForm({ ...record, note: 'No place.' }, projects)[0]?.question).toMatch(/^⚠️ No place\.\n/);
  });

  it('WS-6: its answers are a request, labels and free words alike', () => {
    const parsed = parseAnswers(
      record,
      [['ops/infra (Recommended)'], ['Fix login'], ['All of the project (Recommended)']],
      projects,
    );
    expect(parsed).toEqual({
      ok: true,
      request: {
        project: { category: 'ops', project: 'infra' },
        repositories: ['charts'],
        title: 'Fix login',
        description: 'please fix it\nsoon',
        priority: 'normal',
      },
    });
    expect(parseAnswers(record, [['domain-apis'], [], ['api, web']], projects)).toMatchObject({
      ok: true,
      request: { project: { project: 'domain-apis' }, title: 'Fix login', repositories: ['api', 'web'] },
    });
    const wrong = parseAnswers(record, [['nothing'], ['x'], []], projects);
    expect(wrong).toMatchObject({ ok: false, problem: expect.stringContaining('ai-dev/domain-apis') });
    expect(parseAnswers(record, [['ops/infra'], ['x'], ['api']], projects)).toMatchObject({ ok: false });
  });
});
