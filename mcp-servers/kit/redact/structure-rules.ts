import { entropy, left, type Rule } from './rule.ts';

/** What stands to the right of a key but is no secret: references, types, placeholders. */
const placeholder =
  /^(?:your|my|some|the)[-_]|^(?:x{3,}|\*{3,}|\.{3,}|change[-_]?me|example|placeholder|redacted|undefined|null|true|false|none)/i;
const reference =
  /^(?:process|os|env|import|config|this|self|ctx|secrets|vault|op|var|local|module|data)[.:[(]|^[$@%&]|^\$\{/;
const identifier = /^[A-Za-z_$][A-Za-z_$]*\d?(?:[.[(][\w$.[\]()?!]*)?$/;
const address = /^[a-z][a-z0-9+.-]{1,20}:\/\//i;
/** Versions, dates, counts, Slack timestamps. */
const number = /^[~^v]?\d[\d.,:_TZ+-]*$/;
/** `lab-tls-credentials`: the name of a thing. */
const kebab = /^[a-z]+(?:[-_.][a-z]+)*$/;
const path = /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)[\w./\\-]*$/;

/** A value that somebody chose or generated, rather than code or prose. */
function looksChosen(value: string): boolean {
  if (isHarmless(value) || identifier.test(value) || kebab.test(value)) return false;
  return /\d|[^\w.]/.test(value) && entropy(value) >= 2.5;
}

/** In quotes even a run of letters is a value. */
function looksQuotedSecret(value: string): boolean {
  if (isHarmless(value)) return false;
  return looksChosen(value) || (value.length >= 10 && entropy(value) >= 2.5);
}

function isHarmless(value: string): boolean {
  if (path.test(value)) return !looksMixed(value);
  return [placeholder, reference, address, number].some((shape) => shape.test(value));
}

/** Base64 may begin with a slash too. */
function looksMixed(value: string): boolean {
  return value.length >= 20 && /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);
}

function looksRandom(value: string): boolean {
  if (value.length >= 20 && /[A-Z]/.test(value.slice(1)) && /[a-z]/.test(value) && entropy(value) >= 3.5)
    return true;
  return /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= 3;
}

const key =
  '(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|signing[_-]?key|' +
  'encryption[_-]?key|account[_-]?key|auth[_-]?key|credentials?|client[_-]?key[_-]?data)';
/** `secretName`, `token_url`, `tokenExpiresAt`: about a secret, not one. */
const about =
  '(?![\\w.-]{0,24}(?:names?|refs?|ur[li]s?|paths?|files?|dirs?|types?|kinds?|counts?|lengths?|limits?|ttl|expires?_?(?:at|in)|[_-](?:at|in)|endpoints?|stores?|providers?|polic(?:y|ies)|headers?|usage|used)["\'`\\\\\\s:=])';
const assign = `${key}${about}[\\w.-]{0,24}(?:\\\\{0,4}["'\`])?\\]?\\s{0,4}(?::=|=>|={1,2}|:)\\s{0,4}`;
const vendor =
  'aws|azure|cloudflare|heroku|confluent|okta|twilio|datadog|mailgun|fastly|algolia|mistral|cohere|vercel|codecov|snyk|pagerduty';

/** Secrets told by what stands around them. */
export const structureRules: readonly Rule[] = [
  { kind: 'jwt', pattern: new RegExp(`${left}eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}(?:\\.[\\w-]*)?`, 'dg') },
  {
    kind: 'url-credential',
    pattern: /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/'"<>`|]{0,128}:(?<secret>[^\s@'"<>`|]{1,256})@(?=[\w.[-])/dgi,
  },
  {
    kind: 'url-credential',
    pattern: /https?:\/\/(?<secret>[\w.~%-]{20,255})@(?=[\w.[-])/dg,
    accepts: looksRandom,
  },
  {
    kind: 'authorization',
    pattern:
      /authorization(?:\\{0,4}["'`])?\s{0,4}[:=]\s{0,4}(?:\\{0,4}["'`])?(?:(?:bearer|basic|token|digest|apikey|ssws|bot|negotiate)\s{1,4})?(?<secret>[\w.~+/=:-]{8,})/dgi,
    accepts: (value) =>
      !/^(?:bearer|basic|token|digest)$/i.test(value) && (looksChosen(value) || looksRandom(value)),
  },
  { kind: 'bearer', pattern: /\b(?:bearer|ssws)\s{1,4}(?<secret>[\w.~+/=-]{12,})/dgi, accepts: looksRandom },
  {
    kind: 'basic',
    pattern: /\bbasic\s{1,4}(?<secret>[A-Za-z0-9+/]{12,}={0,2})/dgi,
    accepts: isBasicCredential,
  },
  {
    kind: 'netrc',
    pattern:
      /\bmachine\s{1,8}\S{1,255}\s{1,20}login\s{1,8}\S{1,255}\s{1,20}password\s{1,8}(?<secret>[^\s"\\]{3,255})/dg,
  },
  {
    kind: 'flag',
    pattern: new RegExp(`--[a-z-]{0,20}${key}[\\w-]{0,12} ["'\`]?(?<secret>[^\\s"'\`\\\\]{6,256})`, 'dgi'),
    accepts: (value) => !value.startsWith('-') && (looksChosen(value) || looksRandom(value)),
  },
  {
    // In a shell what follows the sign is taken as it is, so letters alone are a value too.
    kind: 'flag',
    pattern: new RegExp(
      `--[a-z-]{0,20}${key}${about}[\\w-]{0,12}=["'\`]?(?<secret>[^\\s"'\`\\\\]{6,256})`,
      'dgi',
    ),
    accepts: (value) => !isHarmless(value),
  },
  {
    kind: 'assignment',
    pattern: new RegExp(
      `${key.toUpperCase()}(?i:${about})[A-Z0-9_]{0,24}=["'\`]?(?<secret>[^\\s"'\`,;<>{}()\\[\\]\\\\]{6,256})`,
      'dg',
    ),
    accepts: (value) => !isHarmless(value) && !/^(?:await|async|new|typeof|function|string)$/.test(value),
  },
  {
    kind: 'flag',
    pattern: /\bcurl\b[^\n]{0,200}?\s(?:-u|--user)\s{1,3}["']?[^\s:"']{1,128}:(?<secret>[^\s"'\\]{3,256})/dg,
  },
  {
    kind: 'assignment',
    pattern: new RegExp(`${assign}\\\\{0,4}(["'\`])(?<secret>(?:(?!\\1)[^\\s\\\\]){8,256})`, 'dgi'),
    accepts: looksQuotedSecret,
  },
  {
    kind: 'assignment',
    pattern: new RegExp(`${assign}(?<secret>[^\\s"'\`,;<>{}()\\[\\]\\\\]{8,256})`, 'dgi'),
    accepts: looksChosen,
  },
  {
    kind: 'vendor-key',
    pattern: new RegExp(
      `(?:${vendor})[\\w.-]{0,24}(?:\\\\{0,4}["'\`])?\\s{0,4}(?::=|=>|=|:)\\s{0,4}(?:\\\\{0,4}["'\`])?(?<secret>[\\w+/=.-]{24,128})`,
      'dgi',
    ),
    accepts: (value) => /\d/.test(value) && looksRandom(value) && !/[./].*[./]/.test(value),
  },
  {
    kind: 'private-key',
    pattern: /(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]{20,}/dg,
    accepts: isEncodedPrivateKey,
  },
];

function isBasicCredential(value: string): boolean {
  return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(value, 'base64').toString('latin1'));
}

function isEncodedPrivateKey(value: string): boolean {
  return Buffer.from(value.slice(0, 80), 'base64').toString('latin1').includes('PRIVATE KEY');
}
