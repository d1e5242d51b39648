import { describe, expect, it } from 'vitest';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';
import { newExploring } from './decide.ts';
import { buildForm, guessFor, isForm, parseAnswers } from './form.ts';

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
    expect(labels(1)).toEqual(['Fix login (Recommended)']);
    expect(labels(2)).toEqual(['All of the project (Recommended)', 'api', 'web']);
    const inApi = { ...record, directory: '/w/repos/api' };
    expect(labels(2, inApi)).toEqual(['api (Recommended)', 'All of the project', 'web']);
    expect(buildForm(inApi, projects)[2]?.options[2]?.description).toBe('Of ai-dev/domain-apis');
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

  it('WS-6: what is left open is as recommended', () => {
    const inApi = { ...record, directory: '/w/repos/api' };
    const request = (...answers: string[][]) => {
      const parsed = parseAnswers(inApi, answers, projects);
      return parsed.ok
        ? [parsed.request.project.project, parsed.request.title, parsed.request.repositories]
        : parsed;
    };
    expect(request([], [], [])).toEqual(['domain-apis', 'Fix login', ['api']]);
    expect(request([], ['Other'], ['All of the project'])).toEqual(['domain-apis', 'Other', ['api', 'web']]);
    expect(request(['ops/infra'], [], [])).toEqual(['infra', 'Fix login', ['charts']]);
    const nowhere = parseAnswers({ ...record, directory: '/w' }, [[], [], []], projects);
    expect(nowhere).toMatchObject({ ok: false, problem: expect.stringContaining('ops/infra') });
  });

  it('WS-6: repositories are asked for only where there is a choice; the form is known by its questions', () => {
    const form = buildForm(record, projects.slice(1));
    expect(form.map(({ header }) => header)).toEqual(['Project', 'Title']);
    expect(isForm({ id: 'que_1', questions: form })).toBe(true);
    expect(isForm({ questions: buildForm(record, projects) })).toBe(true);
    const [project] = form;
    expect([isForm({ questions: [project] }), isForm({}), isForm(null)]).toEqual([false, false, false]);
  });
});
