import { array, assert, constantFrom, integer, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainFallback } from './plain-fallback.ts';
import { numberParts, splitMarkdown } from './split-markdown.ts';
import { toMrkdwn } from './to-mrkdwn.ts';

/** Independent of the splitter's own reading: walks the lines as CommonMark does for fences at the top level. */
function isBalanced(part: string): boolean {
  let open = '';
  for (const line of part.split('\n')) {
    const bare = line.replace(/^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*[\s>]*/, '');
    const [, marker = '', info = ''] = /^(`{3,}|~{3,})(.*)$/.exec(bare) ?? [];
    if (open === '') {
      if (marker !== '' && !(marker.startsWith('`') && info.includes('`'))) open = marker;
    } else if (marker.startsWith(open) && info.trim() === '') open = '';
  }
  return open === '';
}

/** Text without white space, zero-width marks, quote marks, fence lines and what fence marks are made of. */
function essence(text: string): string {
  return text
    .replaceAll('\u200b', '')
    .split(/\r\n?|\n/)
    .filter((line) => !/^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*[\s>]*(?:`{3,}[^`]*|~{3,}.*)$/.test(line))
    .join('')
    .replace(/[\s>`~]/g, '');
}

const code = (lines: number, info = 'ts'): string =>
  [
    `\`\`\`${info}`,
    ...Array.from({ length: lines }, (_, n) => `const value${n} = compute(${n});`),
    '```',
  ].join('\n');

describe('splitMarkdown', () => {
  it('OUT-2: leaves what fits in one piece and gives nothing for nothing', () => {
    expect(splitMarkdown('Hello *there*', 100)).toEqual(['Hello *there*']);
    expect(splitMarkdown(' \n ', 100)).toEqual([]);
    expect(numberParts(['one'])).toEqual(['one']);
    expect(() => splitMarkdown('x', 79)).toThrow(RangeError);
  });

  it('OUT-2: opens a cut fence again with its info string', () => {
    const parts = splitMarkdown(`Here:\n\n${code(20, 'ts title=x')}\n\nDone.`, 300);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts[0]).toBe('Here:');
    expect(parts[1]).toMatch(/^```tstitle=x\n|^```ts title=x\n/);
    expect(parts[2]).toMatch(/^```ts\nconst value\d+ = /);
    for (const part of parts) expect(isBalanced(part)).toBe(true);
    expect(parts.at(-1)).toMatch(/```\n\nDone\.$/);
  });

  it('OUT-2: repeats the header row of a cut table', () => {
    const head = '| file | lines |\n|---|---:|';
    const rows = Array.from({ length: 30 }, (_, n) => `| src/file-${n}.ts | ${n * 7} |`);
    const parts = splitMarkdown(`${head}\n${rows.join('\n')}`, 300);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part.startsWith(`${head}\n| src/`)).toBe(true);
    expect(parts.flatMap((part) => part.split('\n').slice(2))).toEqual(rows);
  });

  it('OUT-2: keeps a whole fence or table out of a cut when it fits a part of its own', () => {
    const parts = splitMarkdown(`${'word '.repeat(30)}\n\n${code(5)}\n\n${'word '.repeat(30)}`, 260);
    expect(parts).toContain(code(5));
  });

  it('OUT-2: keeps words, links and inline code whole', () => {
    const piece = 'See [the long name of it](https://example.com/a) and `run the tests` now. ';
    const parts = splitMarkdown(piece.repeat(20), 200);
    const joined = parts.join('\n');
    expect(joined.match(/\[the long name of it\]\(https:\/\/example\.com\/a\)/g)).toHaveLength(20);
    expect(joined.match(/`run the tests`/g)).toHaveLength(20);
  });

  it('OUT-2: never cuts a character in two', () => {
    const family = '👨‍👩‍👧‍👦';
    for (const [char, max] of [
      [family, 100],
      ['🐢', 99],
      ['e\u0301', 99],
      ['🇩🇪', 97],
    ] as const) {
      for (const part of splitMarkdown(char.repeat(200), max)) {
        expect(part.replaceAll(char, '')).toBe('');
      }
    }
  });

  it('OUT-2: numbers within the length', () => {
    const parts = numberParts(splitMarkdown('word '.repeat(2_000), 100));
    expect(parts.length).toBeGreaterThan(100);
    expect(parts[2]).toMatch(new RegExp(`^\\(3/${parts.length}\\)\\n\\nword`));
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(100);
  });

  it('OUT-2: closes a fence that was left open, also one in a list or a quote', () => {
    for (const open of ['```js\ncode', '- item\n  ```js\n  code', '> ```\n> code\n\nafter', '~~~\n```\nx']) {
      for (const part of splitMarkdown(`${open}\n${'long line of text here\n'.repeat(20)}`, 120)) {
        expect(isBalanced(part)).toBe(true);
      }
    }
  });

  it('OUT-2: any text: parts fit, are balanced, and lose nothing', () => {
    const line = oneof(
      {
        weight: 3,
        arbitrary: array(constantFrom('word', 'two words', '[a](https://x.y/z)', '`c`', '🐢', 'é', '**b**'), {
          maxLength: 30,
        }).map((words) => words.join(' ')),
      },
      constantFrom(
        '```',
        '```ts',
        '````md',
        '~~~',
        '  ```',
        '- ```js',
        '> ```',
        '``` a`b',
        '',
        '',
        '---',
        '# Head',
        '- item',
        '> quote',
      ),
      tuple(constantFrom('`', '~', 'x', '|', ' ', 'ab ', '👍🏽', '`a'), integer({ min: 1, max: 400 })).map(
        ([piece, n]) => piece.repeat(n),
      ),
      constantFrom(
        '| a | b |\n|---|---|\n| 1 | 2 |',
        '| a | b |\n|---|---|\n'.concat('| one | two |\n'.repeat(20)),
      ),
      string({ unit: 'grapheme', maxLength: 200 }),
    );
    assert(
      property(array(line, { maxLength: 30 }), integer({ min: 80, max: 600 }), (lines, max) => {
        const text = lines.join('\n');
        const parts = splitMarkdown(text, max);
        const numbered = numberParts(parts);
        expect(numbered.filter((part) => part.length > max || part.trim() === '')).toEqual([]);
        expect(numbered.filter((part) => !isBalanced(part))).toEqual([]);
        expect(parts.filter((part) => !part.isWellFormed())).toEqual([]);
        const withoutHeads = (all: string): string => essence(all).replace(/\|a\|b\||\|---\|---\|/g, '');
        expect(withoutHeads(parts.join('\n'))).toBe(withoutHeads(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('OUT-2: a heading is not left behind at the end of a part', () => {
    const section = (n: number) => `## Part ${n}\n\n${'word '.repeat(12).trim()}`;
    const text = Array.from({ length: 9 }, (_, at) => section(at)).join('\n\n');
    const parts = splitMarkdown(text, 170);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(part).toMatch(/^## Part \d[\s\S]*word$/);
  });

  it('OUT-2: a megabyte is split in reasonable time', () => {
    const before = process.threadCpuUsage();
    for (const text of ['word '.repeat(200_000), 'x'.repeat(1_000_000), code(30_000)])
      splitMarkdown(text, 11_500);
    expect(process.threadCpuUsage(before).user).toBeLessThan(5_000_000);
  });

  it.each(['`', '``` ', ' ', '[', '|', '- '])(
    'OUT-2: 100 kB of %j below a head of a table hold nothing up',
    (piece) => {
      const text = `a|b\n${piece.repeat(Math.ceil(100_000 / piece.length))}x|`;
      const before = process.threadCpuUsage();
      splitMarkdown(text, 11_000);
      plainFallback(text);
      toMrkdwn(text);
      expect(process.threadCpuUsage(before).user).toBeLessThan(2_000_000);
    },
  );
});
