import { describe, expect, it } from 'vitest';
import {
  addLine,
  type LineBatch,
  renderLines,
  showLine,
  type ToolCall,
  toolLine,
  toolNow,
} from './event-lines.ts';

const folder = '/w/.builders/csv';
const call = (
  tool: string,
  title: string,
  status: ToolCall['status'] = 'completed',
  error?: string,
): ToolCall => (error === undefined ? { tool, title, status } : { tool, title, status, error });

function batchOf(...calls: readonly ToolCall[]): LineBatch | null {
  let batch: LineBatch | null = null;
  for (const each of calls) {
    const told = toolLine(each, folder);
    if (told) batch = addLine(batch, told, 7);
  }
  return batch;
}
const shown = (...calls: readonly ToolCall[]) => {
  const batch = batchOf(...calls);
  return batch === null ? '' : renderLines(batch);
};

describe('progress lines', () => {
  it.each([
    [call('write', `${folder}/repos/api/src/auth.ts`), '🔧 Wrote file: api/src/auth.ts'],
    [call('write', 'repos/api/src/auth.ts'), '🔧 Wrote file: api/src/auth.ts'],
    [call('bash', 'cd repos/api', 'running'), '🔧 Running: cd repos/api'],
    [call('edit', 'src/auth.ts'), '🔧 Edited file: src/auth.ts'],
    [call('bash', 'npm test', 'running'), '🧪 Running tests: npm test'],
    [call('bash', 'pnpm vitest run src', 'running'), '🧪 Running tests: pnpm vitest run src'],
    [call('bash', 'ls -l', 'running'), '🔧 Running: ls -l'],
    [call('bash', 'echo attest', 'running'), '🔧 Running: echo attest'],
    [call('read', `${folder}/repos/api/a.ts`), '📖 Read file: api/a.ts'],
    [call('grep', 'TODO'), '🔎 Searched: TODO'],
    [call('task', 'look around'), '👥 Subagent: look around'],
    [call('webfetch', 'https://x.test'), '🌐 Read page: https://x.test'],
    [call('deploy', 'csv'), '🔧 deploy: csv'],
    [call('write', 'a', 'error', 'Permission denied'), '❌ Tool failed: write - Permission denied'],
    [call('write', 'a', 'error'), '❌ Tool failed: write - no reason given'],
  ])('WA-4: %o', (tool, text) => {
    expect(shown(tool)).toBe(text);
  });

  it('WA-4: what has only begun, and bookkeeping, is no line', () => {
    expect(
      shown(call('write', 'a', 'running'), call('bash', 'List files'), call('todowrite', '3 todos')),
    ).toBe('');
  });

  it('WA-4: what a stop cut short is no failure of its own', () => {
    const cut = 'Tool execution aborted';
    expect(shown(call('question', '', 'error', cut), call('bash', 'sleep 9', 'error', cut))).toBe('');
  });

  it('WA-4: reads are merged, and what is done again is counted', () => {
    const reads = [1, 2, 3, 4, 5].map((index) => call('read', `src/${index}.ts`));
    const tests = call('bash', 'npm test', 'running');
    expect(shown(call('write', 'a.ts'), ...reads.slice(0, 2), tests, ...reads.slice(2), tests)).toBe(
      '- 🔧 Wrote file: a.ts\n- 📖 Read 5 files\n- 🧪 Running tests: npm test ×2',
    );
  });

  it('WA-4: 5,000 are one message of a phone’s length, and no more is kept', () => {
    const batch = batchOf(...Array.from({ length: 5000 }, (_, index) => call('write', `src/${index}.ts`)));
    expect(batch?.lines).toHaveLength(20);
    expect(
      renderLines(batch as LineBatch)
        .split('\n')
        .at(-1),
    ).toBe('- … and 4,980 more');
  });

  it('WA-4: a command is shown as it is, on one line, bounded', () => {
    expect(shown(call('bash', 'grep "*.ts" `ls`\n__x__ ~/a\\b', 'running'))).toBe(
      '🔧 Running: grep "\\*.ts" \\`ls\\` \\_\\_x\\_\\_ \\~/a\\\\b',
    );
    expect(showLine({ key: 'x', text: 'one' })).toBe('one');
    expect(shown(call('write', 'x'.repeat(1000))).length).toBe(200);
  });
});

describe('what is under way', () => {
  it.each([
    ['bash', 'npm test', '🧪 Running tests: npm test'],
    ['bash', 'ls', '🔧 Running: ls'],
    ['write', `${folder}/repos/api/src/auth.ts`, '🔧 Writing file: api/src/auth.ts'],
    ['edit', 'repos/api/a.ts', '🔧 Editing file: api/a.ts'],
    ['apply_patch', '', '🔧 Editing file'],
    ['read', 'a.ts', '📖 Reading: a.ts'],
    ['grep', 'TODO', '🔎 Searching: TODO'],
    ['webfetch', 'https://x.test', '🌐 Reading page: https://x.test'],
    ['task', 'look around', '👥 Subagent: look around'],
    ['deploy', 'csv', '🔧 deploy: csv'],
    ['todowrite', '3 todos', ''],
  ])('OUT-4: %s %s', (tool, title, text) => {
    expect(toolNow({ tool, title }, folder)).toBe(text);
  });
});
