import { describe, expect, it } from 'vitest';
import { parseTurn, readUserMessage } from './turn.ts';

const parse = (content: string) => readUserMessage({ role: 'user', content });

describe('what the person said', () => {
  it('is what follows the header block, verbatim', () => {
    const text =
      '<turn>\nchannel: dm\nfrom: Anna (U_ANNA)\nplugged: a: b\nnot a pair\n</turn>\nfirst\n\nsecond';
    expect(parse(text)).toMatchObject({
      header: { channel: 'dm', from: 'Anna (U_ANNA)', plugged: 'a: b' },
      said: 'first\n\nsecond',
    });
  });

  it('is everything when there is no block', () => {
    expect(parse(' hello ')).toMatchObject({ header: {}, said: 'hello' });
    expect(parse('an <turn> in words')).toMatchObject({ header: {}, said: 'an <turn> in words' });
  });

  it('keeps a closing line the person types', () => {
    expect(parse('<turn>\nchannel: dm\n</turn>\n</turn>\nx').said).toBe('</turn>\nx');
  });
});

describe('a resumed turn', () => {
  it('AG-1: says so, lists what is posted and keeps the place', () => {
    const lines =
      'resumed: x\nalready posted in this turn, do not repeat it: "a ‹b›"\nalready posted, do not: "c"';
    const messages = [
      { role: 'user', content: '<turn>\nchannel: dm\n</turn>\ngo' },
      { role: 'assistant', content: 'half' },
      { role: 'user', content: `<turn>\n${lines}\n</turn>\ngo` },
    ];
    const turn = parseTurn({ model: 'm', messages }, 's');
    expect(turn).toMatchObject({ resumed: true, posted: ['a ‹b›', 'c'], said: 'go', dm: true, step: 0 });
    expect(parse('<turn>\nresumed: x\nalready posted in this turn: nothing\n</turn>\ngo').posted).toEqual([]);
    expect(parse('hi')).toMatchObject({ resumed: false, posted: [] });
  });
});

describe('files', () => {
  it('IN-3: are attachments, not words', () => {
    const part = (text: string) => ({ type: 'text', text });
    const file = [part('Called the Read tool with …'), part('body')];
    const header = '<turn>\nchannel: dm\n</turn>\n';
    const read = (...content: { type: string; text: string }[]) => readUserMessage({ role: 'user', content });
    const wanted = { said: 'look', attachments: ['Called the Read tool with …', 'body'] };
    expect(read(part(`${header}look`), ...file)).toMatchObject(wanted);
    expect(read(part(header), part('look'), ...file)).toMatchObject(wanted);
    const image = readUserMessage({ role: 'user', content: [part(`${header}look`), { type: 'image_url' }] });
    expect(read(part(header), ...file)).toMatchObject({ said: '', attachments: wanted.attachments });
    expect(image.attachments).toEqual(['[image_url]']);
  });
});

describe('a request as a turn', () => {
  it('tells a DM from a channel and joins text parts', () => {
    const turn = (channel: string) =>
      parseTurn(
        {
          model: 'm',
          messages: [
            {
              role: 'user',
              content: [
                { type: 'text', text: `<turn>\nchannel: ${channel}\n</turn>` },
                { type: 'text', text: 'hi' },
                { type: 'image_url' },
              ],
            },
          ],
        },
        's',
      );
    expect(turn('dm')).toMatchObject({ dm: true, said: 'hi', tools: [], step: 0, toolResults: [] });
    expect(turn('#dm-tools (thread)').dm).toBe(false);
  });

  it('survives a request without a user message', () => {
    expect(parseTurn({ model: 'm', messages: [] }, '')).toMatchObject({ userText: '', said: '', step: 0 });
  });
});
