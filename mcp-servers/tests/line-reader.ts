import { StringDecoder } from 'node:string_decoder';

/** Characters. A line without end must not fill the memory; go's events are the longest that are read. */
const maxLine = 64 * 1024;

export interface LineReader {
  push(chunk: Buffer): void;
  /** What came last without an end of line. */
  end(): void;
}

/** Lines of a stream of bytes; what is longer than 64 Ki characters comes in pieces. */
export function createLineReader(onLine: (line: string) => void): LineReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.replace(/\r$/, ''));
    while (rest.length > maxLine) {
      onLine(rest.slice(0, maxLine));
      rest = rest.slice(maxLine);
    }
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end() {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
