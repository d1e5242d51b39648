import { createExactSecrets, type Secret } from './exact-secrets.ts';
import { maskAside } from './mask-aside.ts';
import { maskBytes } from './mask-bytes.ts';
import { findOpenPrivateKey, findPrivateKeys } from './private-key.ts';
import { findFirst, maskRanges, mergeRanges, type Range } from './ranges.ts';
import { createStreamRedactor, type StreamRedactor } from './stream-redactor.ts';
import { structureRules } from './structure-rules.ts';
import { vendorRules } from './vendor-rules.ts';

const rules = [...vendorRules, ...structureRules];

export interface Redactor {
  /** Masks what we hold as `[redacted:NAME]` and known shapes as `[redacted:kind]`. Idempotent. */
  readonly redact: (text: string) => string;
  /** Masks only what we hold: for bytes that are no text, in which the known shapes come about by chance. */
  readonly redactExact: (text: string) => string;
  /**
   * For files: a text is masked like `redact` in the encoding it has, of anything else only what we hold. A large one is looked
   * through in a thread of its own, while others are served.
   * @throws FrontdeskError `file_unchecked` when that takes too long
   */
  readonly redactBytes: (content: Uint8Array) => Promise<Uint8Array>;
  /** The same as `redact` for all strings of a JSON value, keys included. Everything else stays as it is. */
  readonly redactDeep: <V>(value: V) => V;
  /** From now on this value is masked too; values under 8 characters are left to the rules. */
  readonly add: (secret: Secret) => void;
  /** For text that arrives in pieces: gives back only what no later piece can turn into a secret. */
  readonly createStreamRedactor: () => StreamRedactor;
}

interface RedactorOptions {
  /** Every value we hold: tokens, passwords, Secret data. */
  readonly secrets: Iterable<Secret>;
  /** Files of more bytes are masked in a thread; in place that takes 0.3 ms for 1,000, and a thread's start 100. */
  readonly asideFromBytes?: number;
  /** For one file; longer than a machine under load takes for 20 MB, and shorter than a tool call may (90 s). */
  readonly asideWithinMs?: number;
}

export function createRedactor(options: RedactorOptions): Redactor {
  const { asideFromBytes = 200_000, asideWithinMs: withinMs = 75_000 } = options;
  const exact = createExactSecrets(options.secrets);

  const find = (text: string): Range[] => {
    const found = [...exact.find(text), ...findPrivateKeys(text), ...findByRules(text)];
    if (found.length === 0) return found;
    const masks = findMasks(text, new Set([...exact.labels(), ...ruleLabels]));
    return mergeRanges(found.filter((range) => !isInsideAny(range, masks)));
  };

  const redact = (text: string): string => {
    let current = text;
    // Masking can lay bare the edge of another shape; a second round finds it. Each round masks more, so it ends.
    for (let round = 0; round < 8; round += 1) {
      const next = maskRanges(current, find(current));
      if (next === current) break;
      current = next;
    }
    return current;
  };

  const redactDeep = (value: unknown): unknown => {
    if (typeof value === 'string') return redact(value);
    if (Array.isArray(value)) return value.map(redactDeep);
    if (typeof value !== 'object' || value === null) return value;
    if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null)
      return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [redact(key), redactDeep(inner)]));
  };

  const redactExact = (text: string) => maskRanges(text, mergeRanges(exact.find(text)));

  return {
    redact,
    redactExact,
    async redactBytes(content) {
      if (content.byteLength <= asideFromBytes) return maskBytes(content, { redact, redactExact });
      return await maskAside(content, { secrets: exact.secrets(), withinMs });
    },
    redactDeep: <V>(value: V) => redactDeep(value) as V,
    add: (secret) => exact.add(secret),
    createStreamRedactor: () =>
      createStreamRedactor({
        find,
        findUnfinished: (text) => Math.min(exact.findCutOff(text), findOpenPrivateKey(text)),
      }),
  };
}

const ruleLabels = ['private-key', ...rules.map(({ kind }) => kind)];

function findByRules(text: string): Range[] {
  const ranges: Range[] = [];
  for (const { kind, pattern, accepts } of rules) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? match.indices?.[0] ?? [0, 0];
      if (accepts && !accepts(text.slice(start, end))) {
        pattern.lastIndex = Math.max(match.index + 1, start);
        continue;
      }
      const whole = runOn(text, start, end);
      ranges.push({ start, end: whole, label: kind });
      // Masked to there already; looked at again, a text without spaces would take quadratic time.
      pattern.lastIndex = Math.max(pattern.lastIndex, whole);
    }
  }
  return ranges;
}

/** Rules look at most 256 characters far, to stay linear; a longer secret is masked to its own end. */
function runOn(text: string, start: number, end: number): number {
  if (end - start < 256) return end;
  const more = /[\w+/=.-]*/y;
  more.lastIndex = end;
  return end + (more.exec(text)?.[0].length ?? 0);
}

/** Our own masks in the text. Only known labels count, or `[redacted:<secret>]` would hide a secret from us. */
function findMasks(text: string, labels: ReadonlySet<string>): Range[] {
  const masks: Range[] = [];
  for (const match of text.matchAll(/\[redacted:([\w.-]{1,60})\]/g)) {
    const label = match[1] ?? '';
    if (labels.has(label)) masks.push({ start: match.index, end: match.index + match[0].length, label });
  }
  return masks;
}

/** @param masks in order and apart from each other: only the last that begins before can hold it */
function isInsideAny(range: Range, masks: readonly Range[]): boolean {
  const after = findFirst(masks.length, (index) => (masks[index]?.start ?? 0) > range.start);
  return range.end <= (masks[after - 1]?.end ?? 0);
}
