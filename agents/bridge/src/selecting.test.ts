import { describe, expect, it } from 'vitest';
import type { Messages } from './api.ts';
import { partIdOf } from './part-ids.ts';
import { createSelecting } from './selecting.ts';

const select = (agent: string, modelID = 'big') => ({ agent, model: { providerID: 'lab', modelID } });
const stored = (agent: string, partId: string): Messages[number] => ({
  info: { id: 'm', role: 'user', time: { created: 1 }, ...select(agent) },
  parts: [{ id: partId, type: 'text', text: 'hi' }],
});
const answer: Messages[number] = {
  info: { id: 'a', role: 'assistant', time: { created: 2 }, agent: 'builder' },
  parts: [],
};
/** As OpenCode makes them. */
const typedPart = 'prt_1f93484220011uEV6yQ7a4h3Ka';
const asked = (agent: string, partId = typedPart) => ({
  sessionId: 's1',
  partIds: [partId],
  asked: select(agent),
});

describe('what a session was given', () => {
  const moved = [stored('build', typedPart), stored('builder', partIdOf('task')), answer];

  it('WS-6: is read once, and kept up with what comes', async () => {
    let reads = 0;
    const { select: ask } = createSelecting(() => ({ messages: async () => ((reads += 1), moved) }));
    const agents: string[] = [];
    for (const agent of ['build', 'plan', 'build']) agents.push((await ask('/w', asked(agent))).agent);
    expect([agents, reads]).toEqual([['builder', 'plan', 'build'], 1]);
    // Given to another agent in the chat, it is that one's from here on.
    await ask('/w', asked('architect', partIdOf('more')));
    expect([(await ask('/w', asked('build'))).agent, reads]).toEqual(['architect', 1]);
  });

  it('BR-1: of a session that nobody types into nothing is read; one that cannot be read runs as asked', async () => {
    const reads: string[] = [];
    const { select: ask } = createSelecting(() => ({
      async messages(_: string, id: string) {
        reads.push(id);
        throw new Error('500');
      },
    }));
    const sent = asked('builder', partIdOf('task'));
    expect(await ask('/w', sent)).toBe(sent.asked);
    expect(reads).toEqual([]);
    const typed = asked('build');
    expect(await ask('/w', typed)).toBe(typed.asked);
    expect(reads).toEqual(['s1']);
  });
});
