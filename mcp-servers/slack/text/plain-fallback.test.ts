import { assert, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainFallback } from './plain-fallback.ts';

describe('plainFallback', () => {
  it('OUT-2: Markdown becomes plain words, escaped', () => {
    const markdown =
      '# Done\n\nSee **this** [file](https://x.y/z) & `a < b`:\n\n```ts\nif (a > b) {}\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |';
    expect(plainFallback(markdown)).toBe(
      'Done\n\nSee this file (https://x.y/z) &amp; a &lt; b:\n\nif (a &gt; b) {}\n\n| a | b |\n\n| 1 | 2 |',
    );
  });

  it('OUT-2: pings nobody', () => {
    expect(plainFallback('<!channel> @here <@U1>')).toBe(
      '&lt;\u200b!channel&gt; @\u200bhere &lt;\u200b@U1&gt;',
    );
  });

  it('OUT-2: any text: within the length, no entity or character cut, no bare sign left', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 300 }), integer({ min: 10, max: 200 }), (text, max) => {
        const plain = plainFallback(`${text}&<>&<>`, max);
        expect(plain.length).toBeLessThanOrEqual(max);
        expect(plain.isWellFormed()).toBe(true);
        expect(plain.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
      }),
      { numRuns: 2_000 },
    );
  });
});
