import { describe, expect, it } from 'vitest';
import { answer, openRoom, until, useStage } from './use-stage.ts';

const stage = useStage();

/** 1×1 pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const megabyte = 1024 * 1024;

describe('files', () => {
  it('IN-3: a text file and an image from a person reach the model', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('look at these', answer('The log says disk full; the picture is one pixel.'));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk look at these', {
      files: [
        { name: 'build.log', content: 'error: disk full on /dev/sda1', mimetype: 'text/plain' },
        { name: 'screen.png', content: png },
        // Slack cannot tell these by their names.
        { name: 'LICENSE', content: 'MIT, by the fish', mimetype: 'application/octet-stream' },
        { name: 'data.json', content: '{"fish":3}' },
      ],
    });
    await settled(room, ts);
    const call = model.calls.find(({ said }) => said === 'look at these');
    for (const words of ['error: disk full on /dev/sda1', 'MIT, by the fish', '{"fish":3}'])
      expect(call?.lastUserText).toContain(words);
    expect(JSON.stringify(call?.messages)).toContain(png.toString('base64'));
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/files-from-person.txt');
  });

  it('IN-3: a picture that cannot be opened and a kind no model knows are told, and hold up nothing', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('what is on this', answer('The picture did not arrive; the log says disk full.'));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk what is on this?', {
      files: [
        { name: 'cut.png', content: png.subarray(0, 8) },
        { name: 'all.zip', content: Buffer.from('504b0304fffe0001', 'hex'), mimetype: 'application/zip' },
        { name: 'build.log', content: 'error: disk full on /dev/sda1', mimetype: 'text/plain' },
      ],
    });
    await until(stage(), room, ts, 'did not arrive');
    await settled(room, ts);
    const call = model.calls.find(({ said }) => said === 'what is on this?');
    for (const name of ['cut.png', 'all.zip'])
      expect(call?.lastUserText).toContain(`attachment not readable: "${name}"`);
    expect(call?.lastUserText).toContain('error: disk full on /dev/sda1');
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/file-unreadable-picture.txt');
  });

  it('IN-3: a file without a word is a message, too', async () => {
    const { slack, model, settled } = stage();
    const before = model.calls.length;
    await slack.as('U_BEN').dm('', { files: [{ name: 'todo.txt', content: 'feed the fish' }] });
    await slack.until(() => model.calls.length > before, 'the model to be asked');
    await settled('D_BEN', '');
    expect(JSON.stringify(model.calls.at(-1)?.messages)).toContain('feed the fish');
  });

  it('IN-3: a file above 20 MB is refused with words, to the person and to the agent', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('what is in this dump', answer('I cannot open it: it is larger than 20 MB.'));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk what is in this dump?', {
      files: [{ name: 'dump.bin', content: Buffer.alloc(21 * megabyte, 7) }],
    });
    await until(stage(), room, ts, 'I cannot open it');
    await settled(room, ts);
    const call = model.calls.find(({ said }) => said === 'what is in this dump?');
    expect(call?.lastUserText).toContain(
      'attachment not readable: "dump.bin", because it is larger than 20 MB',
    );
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/file-too-large.txt');
  });

  it('MCP-4: the agent uploads a file', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const file = { name: 'report.md', title: 'Weekly report', content: '# Report\n\nAll is well.\n' };
    model.script('send me the report', [
      { tools: [{ name: 'slack_upload', args: file }] },
      ...answer('Here is this week’s report.'),
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk send me the report');
    await until(stage(), room, ts, 'this week');
    await settled(room, ts);
    const files = slack.thread(room, ts).flatMap((message) => message.files);
    expect(files.map(({ name, content }) => [name, content.toString()])).toEqual([[file.name, file.content]]);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/file-from-agent.txt');
  });

  it('OUT-5: an upload alone is an answer', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const file = { name: 'numbers.csv', content: 'a,b\n1,2\n', comment: 'The numbers you asked for.' };
    model.script('just the numbers', [{ tools: [{ name: 'slack_upload', args: file }] }, { text: 'Done.' }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk just the numbers');
    await slack.until(() => slack.thread(room, ts).some(({ files }) => files.length > 0), 'the file');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/file-alone.txt');
  });
});
