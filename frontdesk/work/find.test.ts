import { describe, expect, it } from 'vitest';
import { bounded } from '../../watcher/words.ts';
import { completeRequest } from './find.ts';

const projects = [
  { project: { category: 'ai-dev', project: 'domain-apis' }, repositories: ['api', 'web'], description: '' },
  {
    project: { category: 'ops', project: 'infra' },
    repositories: ['charts', 'api-gateway'],
    description: '',
  },
  { project: { category: 'lab', project: 'infra' }, repositories: [], description: '' },
];
const words = (project: string, repositories?: string[]) => ({
  project,
  title: 'JWT',
  description: '',
  priority: 'normal' as const,
  ...(repositories ? { repositories } : {}),
});

describe('which project is meant', () => {
  it.each([
    ['ai-dev/domain-apis', 'domain-apis'],
    ['Domain-APIs', 'domain-apis'],
    ['ai-dev-domain-apis', 'domain-apis'],
    ['web', 'domain-apis'],
    ['api-gateway', 'infra'],
  ])('AG-2: “%s”', (said, project) => {
    expect(completeRequest(words(said), projects).project.project).toBe(project);
  });

  it.each([
    ['infra', undefined, /could be ops\/infra, lab\/infra; say which/],
    ['nope', undefined, /“nope” is no project\. There are ai-dev\/domain-apis/],
    ['web', ['charts'], /ai-dev\/domain-apis has no repository “charts”; it has api, web/],
    ['lab/infra', undefined, /repositories: /],
  ])('AG-2: “%s” with %s is asked back', (said, repositories, reason) => {
    expect(() => completeRequest(words(said, repositories), projects)).toThrow(reason);
  });

  it('AG-2: without a list, nobody guesses', () => {
    expect(() => completeRequest(words('x'), [])).toThrow(/None is configured yet/);
  });
});

describe('bounded texts', () => {
  it('OUT-2: are cut at a word, and an open fence is closed', () => {
    expect(bounded('short')).toBe('short');
    expect(bounded('word '.repeat(100), 50)).toMatch(/^(word ?)+…$/);
    const cut = bounded(`see\n\`\`\`ts\n${'const x = 1;\n'.repeat(50)}\`\`\``, 100);
    expect(cut.split('```').length % 2).toBe(1);
    expect(bounded('x'.repeat(1000), 50).length).toBeLessThan(52);
  });
});
