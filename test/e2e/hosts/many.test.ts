import { describe, expect, it } from 'vitest';
import { modelId, startStage } from './rig.ts';

const sessions = 10;
const steps = 5;
const callsPerStep = 10;

describe('many sessions at once', () => {
  it('SE-5: ten sessions in ten directories, 1,000 events: none crosses', async () => {
    await using stage = await startStage();
    await using _local = await stage.startLocal();
    stage.model.script(/^work as /, (turn) => {
      const marker = turn.said.replace('work as ', '');
      if (turn.step >= steps) return { text: `${marker} is done.` };
      const call = (n: number) => ({
        name: 'write',
        args: { filePath: `${marker}-${turn.step}-${n}.txt`, content: marker },
      });
      return { tools: Array.from({ length: callsPerStep }, (_, n) => call(n)) };
    });
    const started = await Promise.all(
      Array.from({ length: sessions }, async (_, n) => {
        const marker = `marker${n}`;
        const directory = stage.folder(marker);
        const made = await stage.hosts.createSession({ directory, title: marker });
        return { marker, directory, ...made };
      }),
    );
    await Promise.all(
      started.map((session) =>
        stage.hosts.send({
          ...session,
          messageId: `m-${session.marker}`,
          text: `work as ${session.marker}`,
          agent: 'builder',
          model: modelId,
        }),
      ),
    );
    const ended = (id: string) => stage.heard.of(id).some(({ kind }) => kind === 'idle');
    await stage.heard.until('all to end', () => started.every(({ sessionId }) => ended(sessionId)), 200_000);
    for (const { sessionId, marker } of started) {
      const told = stage.heard.of(sessionId);
      const tools = told.filter(({ kind }) => kind === 'tool');
      expect(tools).toHaveLength(steps * callsPerStep * 2);
      expect(tools.every((event) => event.kind === 'tool' && event.title.startsWith(`${marker}-`))).toBe(
        true,
      );
      const messages = told.filter(({ kind }) => kind === 'message');
      expect(messages).toEqual([{ sessionId, kind: 'message', text: `${marker} is done.` }]);
    }
    const ids = new Set(started.map(({ sessionId }) => sessionId));
    expect(stage.heard.events.every(({ event }) => ids.has(event.sessionId))).toBe(true);
    expect(stage.heard.events.length).toBeGreaterThanOrEqual(1_000);
  });
});
