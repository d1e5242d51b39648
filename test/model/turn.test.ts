import { describe, expect, it } from 'vitest';
import { parseTurn, parseUserText } from './turn.ts';

describe('what the person said', () => {
  it('is what follows the header block, verbatim', () => {
    const text =
      '<turn>\nchannel: dm\nfrom: Anna (U_ANNA)\nplugged: a: b\nnot a pair\n</turn>\nfirst\n\nsecond';
    expect(parseUserText(text)).toEqual({
      header: { channel: 'dm', from: 'Anna (U_ANNA)', plugged: 'a: b' },
      said: 'first\n\nsecond',
    });
  });

  it('is everything when there is no block', () => {
    expect(parseUserText(' hello ')).toEqual({ header: {}, said: 'hello' });
    expect(parseUserText('an <turn> in words')).toEqual({ header: {}, said: 'an <turn> in words' });
  });

  it('keeps a closing line the person types', () => {
    expect(parseUserText('<turn>\nchannel: dm\n</turn>\n</turn>\nx').said).toBe('</turn>\nx');
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
