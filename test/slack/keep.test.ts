import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSlackServer } from './server.ts';
import { clientOf } from './testing/bolt.ts';

function keptFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slack-kept-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'slack.json');
}

describe('a workspace that is kept', () => {
  it('OP-3: threads, files, reactions and direct messages are there for the next server, which goes on with them', async () => {
    const keepIn = keptFile();
    let ts = '';
    const before: string[] = [];
    {
      await using slack = await startSlackServer({ keepIn });
      const anna = slack.as('U_ANNA');
      ts = await anna.post('C_DEV', 'look', { files: [{ name: 'a.txt', content: 'abc' }] });
      const { chat, reactions } = clientOf(slack);
      const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'Read.' } }];
      await chat.postMessage({ channel: 'C_DEV', thread_ts: ts, text: 'Read.', blocks });
      await chat.postEphemeral({ channel: 'C_DEV', thread_ts: ts, user: 'U_ANNA', text: 'For you alone.' });
      await reactions.add({ channel: 'C_DEV', timestamp: ts, name: 'eyes' });
      await anna.dm('psst');
      const shown = slack.transcript('C_DEV', ts);
      expect(shown).toContain('For you alone.');
      before.push(shown.replace(/.*For you alone.*\n/, ''), slack.transcript('D_ANNA'));
    }
    await using slack = await startSlackServer({ keepIn });
    expect([slack.transcript('C_DEV', ts), slack.transcript('D_ANNA')]).toEqual(before);
    expect(slack.message('C_DEV', ts)?.files[0]?.content.toString()).toBe('abc');
    const later = await slack.as('U_ANNA').post('C_DEV', 'and this', {
      threadTs: ts,
      files: [{ name: 'b.txt', content: 'def' }],
    });
    expect(later > ts).toBe(true);
    expect(new Set(slack.thread('C_DEV', ts).flatMap(({ files }) => files.map(({ id }) => id))).size).toBe(2);
    const { messages = [] } = await clientOf(slack).conversations.replies({ channel: 'C_DEV', ts });
    expect(messages.map(({ text }) => text)).toEqual(['look', 'Read.', 'and this']);
  });

  it('OP-3: a file that is something else is left as it is, with words', async () => {
    const keepIn = keptFile();
    writeFileSync(keepIn, '{"version":7}');
    await expect(startSlackServer({ keepIn })).rejects.toThrow(/is not what an earlier run has kept there/);
    expect(readFileSync(keepIn, 'utf8')).toBe('{"version":7}');
  });
});
