import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHosts } from '../../../frontdesk/hosts/hosts.ts';
import { basicAuth } from '../../../frontdesk/opencode/client.ts';
import { follow, sharedToken, startGate, startRemote, startStage } from './rig.ts';

const minutes = 60_000;
const write = (name: string) => ({ tools: [{ name: 'write', args: { filePath: name, content: 'x' } }] });

describe("writes of sessions begun in OpenCode's own UI", () => {
  it(
    'WS-6: wait through a restart of the service, end with a stopped turn, and go on when they are let go',
    async () => {
      await using stage = await startStage();
      await using remote = await startRemote(stage, 'laptop');
      await stage.hosts.whenConnected('laptop', 120_000);
      const directory = stage.folder('own', remote.root);
      const call = async (path: string, body: object) => {
        const response = await fetch(
          `${remote.child.url}${path}?directory=${encodeURIComponent(directory)}`,
          {
            method: 'POST',
            headers: { authorization: basicAuth(remote.password), 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
        );
        const text = await response.text();
        return text === '' ? null : (JSON.parse(text) as unknown);
      };
      const begin = async (said: string) => {
        const { id } = z.object({ id: z.string() }).parse(await call('/session', { title: said }));
        await call(`/session/${id}/prompt_async`, { parts: [{ type: 'text', text: said }] });
        return id;
      };
      stage.model.script('write one', [write('one.txt'), { text: 'One.' }]);
      stage.model.script('write two', [write('two.txt'), { text: 'Two.' }]);

      const questions = [{ question: 'Which?', header: 'W', options: [{ label: 'A', description: 'a' }] }];
      stage.model.script('ask', [{ tools: [{ name: 'question', args: { questions } }] }, { text: 'No.' }]);

      const stopped = await begin('write one');
      const kinds = (id: string) =>
        stage.heard.of(id).flatMap((event) => (event.kind === 'exploring' ? [event.event.kind] : []));
      await stage.heard.until('the held write', () => kinds(stopped).includes('held'));
      await call(`/session/${stopped}/abort`, {});
      await stage.heard.until('its end', () => kinds(stopped).includes('dropped'));
      expect(kinds(stopped)).toEqual(['typed', 'held', 'dropped']);

      // Stopped in its own UI: what it waits for is rejected, or a late answer would run it.
      const asking = await begin('ask');
      const asked = await stage.heard.until('the question', () =>
        stage.heard.of(asking).find(({ kind }) => kind === 'question'),
      );
      await call(`/session/${asking}/abort`, {});
      const ended = await stage.heard.until('its end', () =>
        stage.heard.of(asking).find(({ kind }) => kind === 'askEnded'),
      );
      expect(ended).toMatchObject({
        answer: 'reject',
        requestId: asked.kind === 'question' && asked.requestId,
      });

      const kept = await begin('write two');
      await stage.heard.until('the held write', () => kinds(kept).includes('held'));
      await stage.gate.down();
      const hosts = createHosts({ tokens: [{ value: sharedToken }], log: stage.log });
      const heard = follow(hosts);
      await using _gate = await startGate(hosts, Number(new URL(stage.gate.url).port));
      const again = await heard.until('the held write again', () =>
        heard.of(kept).find((event) => event.kind === 'exploring' && event.event.kind === 'held'),
      );
      expect(heard.of(stopped)).toEqual([]);
      expect(existsSync(join(directory, 'two.txt'))).toBe(false);
      if (again.kind !== 'exploring' || again.event.kind !== 'held') throw new TypeError('not held');
      expect(again.event).toMatchObject({ tool: 'write', what: 'two.txt', said: 'write two' });
      const { holdId } = again.event;
      await hosts.releaseWrite({ host: 'laptop', sessionId: kept, directory, holdId, refusal: null });
      await heard.until('the end', () => heard.of(kept).find(({ kind }) => kind === 'idle'));
      expect([existsSync(join(directory, 'one.txt')), existsSync(join(directory, 'two.txt'))]).toEqual([
        false,
        true,
      ]);
    },
    10 * minutes,
  );
});
