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

describe('files', () => {
  it('IN-3: are attachments, not words', () => {
    const part = (text: string) => ({ type: 'text', text });
    const file = [part('Called the Read tool with …'), part('body')];
    const header = '<turn>\nchannel: dm\n</turn>\n';
    const read = (...content: { type: string; text: string }[]) => readUserMessage({ role: 'user', content });
    const wanted = { said: 'look', attachments: ['Called the Read tool with …', 'body'] };
    expect(read(part(`${header}look`), ...file)).toMatchObject(wanted);
    expect(read(part(header), part('look'), ...file)).toMatchObject(wanted);
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
                { type: 'image_url' },
                { type: 'text', text: 'hi' },
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
