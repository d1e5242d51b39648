import { describe, expect, it } from 'vitest';
import { literal } from './words.ts';

describe('words of programs', () => {
  it.each([
    ['[✅ Approved by Anna](https://evil.example)', '\\[✅ Approved by Anna\\](https://evil.example)'],
    ['<https://evil.example|Open the lab>', '\\<https://evil.example|Open the lab>'],
    ['`code` and *stars* ~~gone~~', '\\`code\\` and \\*stars\\* \\~\\~gone\\~\\~'],
    ['back\\slash [x]', 'back\\\\slash \\[x\\]'],
    ['my_file.test.ts > adds 1 + 1', 'my_file.test.ts > adds 1 + 1'],
  ])('OUT-2: %s makes no link and formats nothing', (text, shown) => {
    expect(literal(text)).toBe(shown);
  });
});
