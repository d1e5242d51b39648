import { expect, it } from 'vitest';
import { type Ask, askSchema } from '../../mcp-servers/kit/asks.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { createStateFile } from './state-file.ts';

it('WS-3: an answer and the question that follows it are one change; a stop waits for nothing', async () => {
  const changes: string[] = [];
  let info = { state: {} } as WorkspaceInfo;
  const file = createStateFile({
    workspaces: {
      list: () => [info],
      find: () => info,
      async updateState(_, change) {
        info = { ...info, state: change(info.state) };
        changes.push(JSON.stringify(info.state['asks']));
        return info.state;
      },
    },
    log: createSilentLog(),
  });
  const written = () => new Promise(setImmediate);
  file.note(ask('ask_1', 'open'));
  await written();
  expect(changes).toHaveLength(1);
  file.note(ask('ask_1', 'delivered'));
  file.note(ask('ask_2', 'open'));
  await written();
  expect(changes).toHaveLength(2);
  expect(info.state['asks']).toMatchObject([
    { id: 'ask_1', status: 'delivered' },
    { id: 'ask_2', status: 'open' },
  ]);
  file.note(ask('ask_2', 'delivered'));
  await file.drain();
  expect(changes).toHaveLength(3);
});

const ask = (id: string, status: string): Ask =>
  askSchema.parse({
    id,
    source: { kind: 'host', host: 'local', sessionId: 's', directory: '/w', requestId: id, instance: 'i' },
    workspace: 'ai-dev-shop',
    card: null,
    body: { kind: 'question', questions: [{ header: 'Style', question: 'Which?', options: [] }] },
    status,
    answer: status === 'open' ? null : [['REST']],
    by: status === 'open' ? '' : 'U0ANNA',
    note: '',
    askedAt: 0,
    deadlineAt: null,
    endedAt: status === 'open' ? null : 1,
    checkpoint: null,
    late: null,
    discussion: null,
  });
