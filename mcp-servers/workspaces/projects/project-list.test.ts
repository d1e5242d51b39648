import { describe, expect, it } from 'vitest';
import { parseProjectList } from './project-list.ts';

describe('.ai/projectlist.md', () => {
  it('IN-9: reads a table with its columns in any order', () => {
    const text = `# Projects

Some words | about them.

| Description | Repos | Category | Project |
|:--|---|:-:|--:|
| The **shop** \\| and more | \`api\`, [web](https://host/acme/web.git) | ai-dev | shop |
| Bare | /srv/git/core.git<br>git@host:acme/lib.git | ai-dev | core |
| | | | |

| project | notes |
| --- | --- |
| \`ops/tools\` | Tools |
`;
    expect(parseProjectList(text)).toEqual({
      projects: [
        {
          project: { category: 'ai-dev', project: 'shop' },
          repositories: ['api', 'https://host/acme/web.git'],
          description: 'The shop | and more',
        },
        {
          project: { category: 'ai-dev', project: 'core' },
          repositories: ['/srv/git/core.git', 'git@host:acme/lib.git'],
          description: 'Bare',
        },
        { project: { category: 'ops', project: 'tools' }, repositories: [], description: 'Tools' },
      ],
      ignored: [],
    });
  });

  it('IN-9: reads a list', () => {
    const text = ['* ai-dev/shop: api, web — The shop', '- **ops/tools**', '- just an item', '1. a/b'].join(
      '\r\n',
    );
    expect(parseProjectList(text).projects).toEqual([
      {
        project: { category: 'ai-dev', project: 'shop' },
        repositories: ['api', 'web'],
        description: 'The shop',
      },
      { project: { category: 'ops', project: 'tools' }, repositories: [], description: '' },
    ]);
  });

  it('IN-9: passes over what is no project, and says which lines it did not understand', () => {
    const text = `| other | table |
| --- | --- |
| a/b | c |

\`\`\`
- in/fence: x
\`\`\`
- Wrong/Name: api
- ai-dev/shop
- ai-dev/shop: again

| category | project |
| --- | --- |
| ai dev | x |
| ai-dev |
`;
    const { projects, ignored } = parseProjectList(text);
    expect(projects.map(({ project }) => project.project)).toEqual(['shop']);
    expect(ignored).toEqual([
      expect.stringMatching(/^line 8: "Wrong\/Name" is no project/),
      'line 10: ai-dev/shop is there twice; the first counts',
      expect.stringMatching(/^line 14: "ai dev\/x" is no project/),
      expect.stringMatching(/^line 15: "ai-dev\/" is no project/),
    ]);
  });

  it('IN-9: a line without end costs no time; the rest is read', () => {
    const before = process.threadCpuUsage();
    const { projects, ignored } = parseProjectList(`- a/b: ${'['.repeat(100_000)}\n- ai-dev/shop: api`);
    // Processor time, microseconds: what others do on the machine is not in it.
    expect(process.threadCpuUsage(before).user).toBeLessThan(1_000_000);
    expect(projects.map(({ project }) => project.project)).toEqual(['shop']);
    expect(ignored).toEqual(['line 1: it is longer than 4000 characters']);
  });
});
