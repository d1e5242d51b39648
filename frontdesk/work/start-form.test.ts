import { describe, expect, it } from 'vitest';
import { thread } from '../../test/support/work-world.ts';
import { parseStartForm, renderStartForm } from './start-form.ts';

const askedIn = thread('');
const projects = [
  { project: { category: 'ai-dev', project: 'domain-apis' }, repositories: ['api', 'web'], description: '' },
  { project: { category: 'ops', project: 'infra' }, repositories: ['charts'], description: '' },
];

const selected = (value: string) => ({ selected_option: { value } });
const several = (...values: string[]) => ({ selected_options: values.map((value) => ({ value })) });

function submission(fields: Record<string, Record<string, unknown>>) {
  const filled = {
    category: selected('ai-dev'),
    project: selected('domain-apis'),
    repositories: several(),
    title: { value: ' JWT auth ' },
    description: { value: null },
    priority: selected('high'),
    ...fields,
  };
  const values = Object.fromEntries(
    Object.entries(filled).map(([block, field]) => [block, { [block]: field }]),
  );
  return { private_metadata: JSON.stringify({ askedIn }), state: { values } };
}

describe('the form', () => {
  it('IN-9: asks for category, project, repositories, title, description and priority, with choices from the projects', () => {
    const view = renderStartForm({ projects, askedIn, title: 'Fix login\nmore', description: 'As told' });
    expect(view).toMatchSnapshot();
  });

  it('IN-9: what can be nothing else is chosen already', () => {
    const all = [
      ...projects.slice(0, 1),
      { ...projects[0]!, project: { category: 'ai-dev', project: 'web' } },
    ];
    const chosen = (entries: typeof projects) =>
      [
        ...JSON.stringify(renderStartForm({ projects: entries, askedIn })).matchAll(
          /"initial_option":{"text":{[^}]*"text":"([^"]+)"/g,
        ),
      ].map(([, label]) => label);
    expect(chosen(projects)).toEqual(['normal']);
    expect(chosen(all)).toEqual(['ai-dev', 'normal']);
    expect(chosen(projects.slice(0, 1))).toEqual(['ai-dev', 'domain-apis', 'normal']);
  });

  it('IN-9: without known projects everything can be typed; Slack refuses a select without options', () => {
    const text = JSON.stringify(renderStartForm({ projects: [], askedIn }));
    expect(text).not.toContain('"options":[]');
    expect(text).not.toContain('multi_static_select');
  });

  it('IN-9: no repositories are all of the project', () => {
    expect(parseStartForm(submission({}), projects)).toEqual({
      ok: true,
      askedIn,
      request: {
        project: { category: 'ai-dev', project: 'domain-apis' },
        repositories: ['api', 'web'],
        title: 'JWT auth',
        description: '',
        priority: 'high',
      },
    });
    const some = parseStartForm(submission({ repositories: several('web') }), projects);
    expect(some).toMatchObject({ ok: true, request: { repositories: ['web'] } });
  });

  it.each([
    ['a project of another category', { project: selected('infra') }, { project: 'ai-dev has domain-apis.' }],
    ['no title', { title: { value: '  ' } }, { title: expect.stringContaining('one line') }],
    [
      'a repository of another project',
      { repositories: several('charts') },
      { repositories: 'ai-dev/domain-apis has api, web, not charts.' },
    ],
    [
      'nothing chosen',
      { category: {}, project: {} },
      { category: 'Choose a category.', project: 'Choose a project.' },
    ],
  ])('IN-9: %s is told at its field', (_, fields, errors) => {
    const form = parseStartForm(submission(fields), projects);
    expect(form).toMatchObject({ ok: false, errors });
  });

  it('IN-9: typed repositories are separated by commas or spaces', () => {
    const typed = submission({
      category: { value: 'x' },
      project: { value: 'y' },
      repositories: { value: 'a, b c' },
    });
    expect(parseStartForm(typed, [])).toMatchObject({ ok: true, request: { repositories: ['a', 'b', 'c'] } });
    const none = submission({ category: { value: 'x' }, project: { value: 'y' }, repositories: {} });
    expect(parseStartForm(none, [])).toMatchObject({
      ok: false,
      errors: { repositories: 'Name at least one.' },
    });
  });

  it('IN-9: what is no submission of this form is refused', () => {
    expect(() => parseStartForm({ state: {} }, projects)).toThrow(/private_metadata/);
  });
});
