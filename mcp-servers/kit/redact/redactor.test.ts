import { randomBytes } from 'node:crypto';
import { array, assert, constantFrom, integer, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redactor.ts';
import { buildSecretShapes, findLeak } from './secret-shapes.ts';

const shapes = buildSecretShapes();
const own = shapes.filter((shape) => shape.own);
const redactor = createRedactor({
  secrets: own.map(({ name, secret }) => ({ name, value: secret })),
});
const { redact } = redactor;

const settings: [string, (text: string) => string][] = [
  ['alone', (text) => text],
  ['in prose', (text) => `I found ${text} in the log, is that right?`],
  ['in a sentence that ends', (text) => `The old one was ${text}.`],
  ['in a code fence', (text) => `Look:\n\`\`\`sh\n${text}\n\`\`\`\nDone.`],
  ['in inline code', (text) => `use \`${text}\` here`],
  ['in JSON', (text) => JSON.stringify({ output: text, ok: true })],
  ['in JSON in JSON', (text) => JSON.stringify({ body: JSON.stringify({ output: text }) })],
  ['in HTML-escaped text', (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')],
];

describe('redactor', () => {
  it('OUT-3: the list has at least 60 shapes, all different', () => {
    expect(new Set(shapes.map(({ name }) => name)).size).toBe(shapes.length);
    expect(shapes.length).toBeGreaterThanOrEqual(60);
  });

  describe.each(shapes.map((shape) => [shape.name, shape] as const))('OUT-3: %s', (_name, shape) => {
    it('pasted', () => {
      for (const [setting, put] of settings) {
        const masked = redact(put(shape.text));
        expect([setting, findLeak(masked, shape)]).toEqual([setting, null]);
        expect(masked).toContain('[redacted:');
        expect(redact(masked)).toBe(masked);
      }
    });

    it('in a JSON line of the log, which stays JSON', () => {
      const line = JSON.stringify({
        level: 'info',
        said: `"${shape.text}" it said`,
        next: [`'${shape.text}'`, 1],
      });
      expect(JSON.parse(redact(line))).toMatchObject({ level: 'info', next: [expect.any(String), 1] });
      expect(findLeak(redact(line), shape)).toBeNull();
    });

    it('split at every position over two chunks', () => {
      const text = `Before ${shape.text} after.`;
      for (let at = 0; at <= text.length; at += 1) {
        const stream = redactor.createStreamRedactor();
        const shown = stream.push(text.slice(0, at)) + stream.push(text.slice(at)) + stream.end();
        expect([at, findLeak(shown, shape)]).toEqual([at, null]);
      }
    });

    it('in chunks of seven characters', () => {
      const text = `Before\n${shape.text}\nafter.`;
      const stream = redactor.createStreamRedactor();
      let shown = '';
      for (let at = 0; at < text.length; at += 7) shown += stream.push(text.slice(at, at + 7));
      shown += stream.end();
      expect(findLeak(shown, shape)).toBeNull();
      expect(shown).toMatch(/^Before\n[^]*\nafter\.$/);
    });
  });

  it('OUT-3: whatever the secrets are made of', () => {
    const leaks: string[] = [];
    for (let seed = 2; seed <= 40; seed += 1) {
      for (const shape of buildSecretShapes(seed).filter((one) => !one.own)) {
        for (const text of [`I found ${shape.text} in the log.`, JSON.stringify({ output: shape.text })]) {
          if (findLeak(redact(text), shape) !== null) leaks.push(`${seed} ${shape.name}`);
        }
      }
    }
    expect(leaks).toEqual([]);
  });

  describe.each(own.map((shape) => [shape.name, shape] as const))('OUT-3: our %s', (name, { secret }) => {
    const mask = `[redacted:${name.replace(/[^\w.-]/g, '_')}]`;

    it.each([
      ['base64', Buffer.from(secret).toString('base64')],
      ['base64 without padding', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
      ['base64url', Buffer.from(secret).toString('base64url')],
      ['URL-encoded', encodeURIComponent(secret)],
      ['form-encoded', new URLSearchParams({ '': secret }).toString().slice(1)],
      ['URL-encoded base64', encodeURIComponent(Buffer.from(secret).toString('base64'))],
      ['hex', Buffer.from(secret).toString('hex')],
      ['upper-case hex', Buffer.from(secret).toString('hex').toUpperCase()],
      ['JSON-escaped', JSON.stringify(secret).slice(1, -1)],
      ['as it is', secret],
    ])('%s', (_form, encoded) => {
      expect(redact(`see ${encoded} there`)).toBe(`see ${mask} there`);
    });

    it('upper-case hex after a letter that is longer in lower case', () => {
      const encoded = Buffer.from(secret).toString('hex').toUpperCase();
      expect(redact(`İİ ${encoded} there`)).toBe(`İİ ${mask} there`);
    });

    it('base64 inside a longer encoded text, at each alignment, also wrapped', () => {
      for (const before of ['', 'u', 'us', 'user:', 'a longer text before it: ']) {
        for (const after of ['', '\n', ' and more']) {
          const encoded = Buffer.from(before + secret + after).toString('base64');
          const wrapped = encoded.replace(/.{20}/g, '$&\n');
          for (const text of [encoded, wrapped, encoded.replaceAll('+', '-').replaceAll('/', '_')]) {
            const masked = redact(text);
            expect(masked).toContain(mask);
            const rest = masked.split(mask).map((part) => Buffer.from(part, 'base64').toString());
            expect(rest.join('')).not.toContain(secret.slice(0, 3));
          }
        }
      }
    });

    it('never shows a part of it in a stream', () => {
      const stream = redactor.createStreamRedactor();
      let shown = '';
      for (const char of `It is ${secret} , yes`) shown += stream.push(char);
      expect(shown + stream.end()).toBe(`It is ${mask} , yes`);
    });
  });

  it.each([
    '3f786850e387550fdab836ed7e6dc881de23001b',
    'fix in 5ccb27b, see HEAD~3..5ccb27b',
    '0b1e6c1e-6f0a-4c1e-9b43-0d6a0c0f8a11',
    'sha512-z7Y4lKxY3n0Dk0bq1mFQY2b0Xn1l3m8sK2p9v6r5t4u3i2o1p0a9s8d7f6g5h4j3k2l1z0x9c8v7b6n5m4==',
    '/work/main/mcp-servers/kit/redact/secret-shapes.ts',
    'const token = process.env.TOKEN;',
    'const token = process.env.SLACK_BOT_TOKEN ?? "";',
    'interface Login { user: string; password: string }',
    'function check(password: string, token: Promise<string>): boolean',
    'http://localhost:8000/health',
    'http://127.0.0.1:4096/session/ses_01h',
    'upgrade @slack/bolt from 5.0.3 to 5.1.0',
    '![pixel](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk)',
    'the token expires tomorrow, ask for a new password',
    'kubectl get secret lab-tls -o yaml',
    'password: ${{ secrets.NPM_PASSWORD }}',
    'export TOKEN=$GITHUB_TOKEN',
    'token: <your-token>',
    'API_KEY=changeme',
    'Authorization: Bearer <token>',
    'mailto:ann@example.com, git@github.com:acme/app.git',
    'ssh://git@github.com/acme/app.git',
    'SLACK_BOT_TOKEN is missing (xoxb-…)',
    'tokens used: 12345 of 200000',
    'const secret = createSecret(name, options);',
    '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END CERTIFICATE-----',
    'T024BE7LD:C061EG9SL:1700000000.123456',
    'image: ghcr.io/acme/app@sha256:9b2f0c6d3c9b1b7f0e6c1a2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e2f',
    '| name | tokens |\n|---|---|\n| a | 12 |',
    'auth: src/auth/token-store.ts:42:7',
    'secretName: lab-tls-2024',
    'secret: lab-tls-credentials',
    'token_url: https://auth.example.com/oauth2/token',
    '"tokenExpiresAt":"2026-11-20T04:00:00Z"',
    'tokensUsed=12345678',
    '"jwt-token": "^10.20.30"',
    'password: z.string().min(8)',
    'token = crypto.randomBytes(32)',
    's.findTheFirstOpenThreads',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ])('OUT-3: leaves %j alone', (text) => {
    expect(redact(text)).toBe(text);
    const stream = redactor.createStreamRedactor();
    expect(text.replace(/[^]/g, (char) => stream.push(char)) + stream.end()).toBe(text);
  });

  it('OUT-3: a cut-off private key is masked, the prose after it is not', () => {
    const key = shapes.find(({ name }) => name === 'cut-off key');
    expect(redact(`${key?.text}\n\nThat was the key. Nothing more to say.`)).toBe(
      '[redacted:private-key]\n\nThat was the key. Nothing more to say.',
    );
  });

  it('OUT-3: a mask cannot be forged to carry a secret', () => {
    const [first] = own;
    expect(redact(`[redacted:${first?.secret}]`)).not.toContain(first?.secret);
  });

  it('OUT-3: strings and keys of JSON values, nothing else', () => {
    const secret = own[0]?.secret ?? '';
    const mask = '[redacted:slack_bot_token]';
    const value = { [secret]: [1, null, true, { text: `a ${secret}` }], n: 0.5 };
    expect(redactor.redactDeep(value)).toEqual({ [mask]: [1, null, true, { text: `a ${mask}` }], n: 0.5 });
  });

  it('OUT-3: a secret added later is masked; one that is too short is not taken', () => {
    const later = createRedactor({ secrets: [{ name: 'short', value: 'abc' }] });
    expect(later.redact('abc correct horse battery')).toBe('abc correct horse battery');
    later.add({ name: 'phrase', value: 'correct horse battery' });
    expect(later.redact('abc correct horse battery')).toBe('abc [redacted:phrase]');
  });

  it('OUT-3: a secret named like a mask stays idempotent', () => {
    const odd = createRedactor({ secrets: [{ name: 'redacted', value: 'redacted:redacted' }] });
    const masked = odd.redact('x redacted:redacted y');
    expect(masked).toBe('x [redacted:redacted] y');
    expect(odd.redact(masked)).toBe(masked);
  });

  it('OUT-3: idempotent and stream-safe on arbitrary mixtures', () => {
    const pieces = oneof(
      constantFrom(...shapes.map(({ text }) => text), ' ', '\n', '"', '=', 'token: ', '-----BEGIN ', '🐢'),
      string(),
    );
    assert(
      property(array(pieces, { maxLength: 6 }), integer({ min: 1, max: 40 }), (parts, size) => {
        const text = parts.join('');
        const masked = redact(text);
        expect(redact(masked)).toBe(masked);
        const stream = redactor.createStreamRedactor();
        let shown = '';
        for (let at = 0; at < text.length; at += size) shown += stream.push(text.slice(at, at + size));
        shown += stream.end();
        expect(own.filter((one) => findLeak(shown, one) && !findLeak(masked, one))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  // Quadratic behaviour would take minutes here. Of this thread's own time: others may be at work on this machine.
  it.each([
    'a',
    '-',
    'A',
    '0',
    '=',
    ' ',
    'token',
    'token=',
    'token: "',
    'eyJ',
    'eyJabcdefghij.',
    'AKIA',
    'xoxb-',
    'sk-',
    'a.',
    'a:',
    'https://',
    'a://b:',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN ',
    'Bearer ',
    'password',
    'machine a login b ',
    '\n',
    'aws_',
    '00',
    'AGE-SECRET-KEY-1',
    '[redacted:',
    'curl ',
    '--token ',
    'MA',
    'client-key-data: ',
    '1234567890:AA',
    '\\n',
    '"',
    '-----BEGIN PRIVATE KEY-----',
    'https://u:p@',
    'SECRET=',
  ])(
    'OUT-3: 100 kB of %j take linear time',
    (piece) => {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      const before = process.threadCpuUsage();
      redact(text);
      redact(`${text}${randomBytes(8).toString('hex')}`);
      const stream = redactor.createStreamRedactor();
      for (let at = 0; at < text.length; at += 2_000) stream.push(text.slice(at, at + 2_000));
      stream.end();
      expect(process.threadCpuUsage(before).user).toBeLessThan(8_000_000);
    },
    60_000,
  );

  it.each(['-----BEGIN PRIVATE KEY-----', 'https://u:p@', 'SECRET=x1y2z3w4 ', '\n'])(
    'OUT-3: four times as much of %j takes four times as long, not sixteen times',
    (piece) => {
      /** Of this thread's own time, in microseconds. */
      const take = (length: number) => {
        const before = process.threadCpuUsage();
        redact(piece.repeat(Math.ceil(length / piece.length)));
        return process.threadCpuUsage(before).user;
      };
      take(100_000);
      expect(take(400_000)).toBeLessThan(10 * take(100_000) + 300_000);
    },
    60_000,
  );
});
