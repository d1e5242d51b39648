import { describe, expect, it } from 'vitest';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { LoadedFile } from './incoming.ts';
import { isImageRefusal, withoutImages } from './refused-images.ts';

const file = (name: string, mime: string): LoadedFile => ({
  ok: true,
  name,
  mime,
  content: new Uint8Array(1),
});

describe('pictures that cannot be opened', () => {
  it('IN-3: are told from other troubles, which pass', () => {
    expect(
      isImageRefusal(new FrontdeskError('opencode_failed', 'ImageDecodeError: Image could not be decoded')),
    ).toBe(true);
    expect(isImageRefusal(new FrontdeskError('opencode_failed', 'Agent not found'))).toBe(false);
    expect(isImageRefusal(new Error('Image could not be decoded'))).toBe(false);
  });

  it('IN-3: the one is named, of several none is blamed, and other files go along', () => {
    const [log, photo] = [file('build.log', 'text/plain'), file('photo.heic', 'image/heic')];
    expect(withoutImages([log, photo])).toEqual([
      log,
      {
        ok: false,
        name: 'photo.heic',
        reason: expect.stringMatching(/^it is no picture that can be opened/),
      },
    ]);
    const two = withoutImages([photo, file('screen.png', 'image/png')]);
    expect(two.map((each) => !each.ok && each.reason)).toEqual(
      Array(2).fill(expect.stringContaining('one by one')),
    );
  });
});
