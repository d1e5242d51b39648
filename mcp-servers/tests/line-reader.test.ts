import { describe, expect, it } from 'vitest';
import { createLineReader } from './line-reader.ts';

function read(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const reader = createLineReader((line) => lines.push(line));
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return lines;
}

describe('lines of a stream', () => {
  it('puts lines and characters together that came in parts', () => {
    const [head, tail] = [Buffer.from('✔').subarray(0, 1), Buffer.from('✔').subarray(1)];
    expect(read('on', 'e\r\ntw', head, tail, '\n\nlast')).toEqual(['one', 'tw✔', '', 'last']);
  });

  it('TE-1: a line without end comes in pieces', () => {
    const lines = read('x'.repeat(50_000), 'x'.repeat(100_000), '\ny');
    expect(lines.map((line) => line.length)).toEqual([65_536, 65_536, 18_928, 1]);
  });
});
