import { describe, expect, it } from 'vitest';
import { cardBodyLimit } from '../../mcp-servers/kit/chat.ts';
import type { Deployment } from '../../mcp-servers/kit/lab.ts';
import { deploymentOf } from '../../test/support/deployment.ts';
import { deployCard, seconds } from './deploy-card.ts';

const start = 1_000_000;

function deployment(more: Partial<Deployment>): Deployment {
  const step = { ms: 1000, detail: '', startedAt: start };
  return deploymentOf({
    startedAt: start,
    steps: [
      { ...step, key: 'copy', label: 'Copying the code', status: 'done' },
      {
        ...step,
        key: 'ready',
        label: 'Waiting for pods to be ready…',
        status: 'running',
        startedAt: start + 1000,
        ms: 0,
      },
      { ...step, key: 'url', label: 'Asking the URL', status: 'waiting', ms: 0 },
    ],
    ...more,
  });
}

const cause = { kind: 'exited', text: 'It ended with `code` 1.', fix: 'Mend it.' } as const;
const labels = (more: Partial<Deployment>) =>
  (deployCard(deployment(more), start).buttons ?? []).map(({ label }) => label);

describe('the card of a deployment', () => {
  it('LAB-4: under way: the step, with the seconds of what runs', () => {
    const card = deployCard(deployment({}), start + 4000);
    expect(card.title).toBe('⏳ Waiting for pods to be ready…');
    expect(card.body?.split('\n')).toEqual([
      '- ✅ Copying the code (1 s)',
      '- ⏳ Waiting for pods to be ready… (3 s)',
      '- ▫️ Asking the URL',
    ]);
    expect(card.facts).toEqual(['shop', 'api', 'node', 'local', '4 s']);
  });

  it.each([
    ['deploying', '⏳ Waiting for pods to be ready…', ['Cancel']],
    ['failed', '❌ Deployment failed - It ended with code 1', ['Retry', 'Debug', 'Logs']],
    ['down', '💥 The lab is down - It ended with code 1', ['Redeploy', 'Debug', 'Logs', 'Clean up']],
    ['replaced', '♻️ Replaced by a later deployment', []],
    ['removed', '🧹 The lab is cleaned up', ['Deploy again']],
  ] as const)('LAB-4: %s', (status, title, buttons) => {
    expect(deployCard(deployment({ status, cause }), start).title).toBe(title);
    expect(labels({ status, cause })).toEqual(buttons);
  });

  it('OUT-2: a command of the repository puts no link of its own onto the card', () => {
    const step = { key: 'build', label: 'Building', status: 'done', startedAt: start, ms: 1000 } as const;
    const card = deployCard(
      deployment({ steps: [{ ...step, detail: 'make [Approve](https://evil.example)' }] }),
      start,
    );
    expect(card.body).toBe('- ✅ Building (1 s) – make \\[Approve\\](https://evil.example)');
  });

  it('LAB-5: cancelled is not failed', () => {
    const cancelled = { kind: 'cancelled', text: 'A newer deployment took its place.', fix: '' } as const;
    const card = deployCard(deployment({ status: 'failed', cause: cancelled }), start);
    expect([card.title, card.facts?.at(-1)]).toEqual([
      '🗑️ Deployment cancelled',
      'A newer deployment took its place',
    ]);
  });

  it('LAB-4: a log of any size leaves the card within its limit, with its end', () => {
    const log = Array.from({ length: 50 }, (_, index) => `${index} ${'x'.repeat(3000)}`);
    const body = deployCard(deployment({ status: 'failed', cause, log }), start).body ?? '';
    expect(body.length).toBeLessThanOrEqual(cardBodyLimit);
    expect(body).toContain('49 xxx');
    expect(body.split('```')).toHaveLength(3);
  });

  it('LAB-4: durations', () => {
    expect([0, 1400, 119_000, 125_000].map(seconds)).toEqual(['0 s', '1 s', '119 s', '2 min 5 s']);
  });
});
