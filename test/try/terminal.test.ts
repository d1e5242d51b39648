import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openTerminal } from './terminal.ts';

/** A terminal of 40 columns that somebody types at, or a pipe. */
function open(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY, columns: 40 });
  const written: string[] = [];
  output.on('data', (data: Buffer) => written.push(data.toString()));
  return { input, terminal: openTerminal(input, output), text: () => written.join('') };
}

const passing = (text: string, key = 'card') => ({ key, text, passing: true });
const line = (text: string, key = 'm') => ({ key, text, passing: false });
const up = '\x1b[1A';

describe('try: the terminal', () => {
  it('in a pipe prints results only, without any control character', () => {
    const { terminal, text } = open(false);
    terminal.prompt('Anna');
    terminal.print([passing('3 s'), line('\n── #dev ──'), line('~ (edited) x')]);
    terminal.note('(noted)');
    expect(text()).toBe('\n── #dev ──\n~ (edited) x\n(noted)\n');
    expect(terminal.interactive).toBe(false);
  });

  it('keeps lines that come before anybody asks, and ends with the input', async () => {
    const { input, terminal } = open(false);
    input.end('one\ntwo\n');
    await new Promise((resolve) => setImmediate(resolve));
    const typed: string[] = [];
    for await (const line of terminal.typed) typed.push(line);
    expect(typed).toEqual(['one', 'two']);
  });

  it('progress takes the place of the line before only when that was the same, and never wraps', () => {
    const { terminal, text } = open(true);
    terminal.print([passing('3 s'), passing('6 s')]);
    expect(text().split(up)).toHaveLength(2);
    terminal.print([passing('status', 'other'), line('news'), passing('9 s')]);
    expect(text().split(up)).toHaveLength(2);
    terminal.print([passing('x'.repeat(100))]);
    expect(text()).toContain(`${'x'.repeat(34)}…`);
    expect(text()).not.toContain('x'.repeat(35));
  });

  it('progress never overwrites what was typed or noted', async () => {
    const { input, terminal, text } = open(true);
    terminal.print([passing('3 s')]);
    input.write('hello\r');
    const typed = terminal.typed[Symbol.asyncIterator]();
    expect(await typed.next()).toMatchObject({ value: 'hello' });
    terminal.print([passing('6 s')]);
    terminal.note('(noted)');
    terminal.print([passing('9 s')]);
    expect(text()).not.toContain(up);
  });

  it('shows the prompt again below what is printed, until it stops asking', () => {
    const { terminal, text } = open(true);
    terminal.prompt('Anna #dev');
    terminal.print([line('news')]);
    expect(text()).toMatch(/news\n[^\n]*Anna #dev > [^\n]*$/);
    terminal.prompt('');
    terminal.note('Ending…');
    expect(text()).toMatch(/Ending…[^\n]*\n$/);
  });

  it('hears Ctrl-C', async () => {
    const { input, terminal } = open(true);
    let interrupts = 0;
    terminal.onInterrupt(() => interrupts++);
    input.write('\x03');
    await expect.poll(() => interrupts).toBe(1);
    terminal[Symbol.dispose]();
  });
});
