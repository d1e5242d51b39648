/**
 * Secrets for tests, none of them real: built at run time from parts, so that no scanner finds one in this file.
 * Reused by the end-to-end tests.
 */
export interface SecretShape {
  readonly name: string;
  /** As it would be pasted, with what usually stands around it. */
  readonly text: string;
  /** The part of `text` that must not be seen. */
  readonly secret: string;
  /** One of ours: known exactly, hence also found encoded. */
  readonly own: boolean;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const hexDigits = `${digits}abcdef`;
const alnum = upper + lower + digits;
const urlSafe = `${alnum}-_`;
const base32 = `${upper}234567`;

/** Same seed, same secrets. */
export function buildSecretShapes(seed = 1): SecretShape[] {
  const take = createRandom(seed);
  const shape = (name: string, before: string, secret: string, after = ''): SecretShape => ({
    name,
    text: before + secret + after,
    secret,
    own: false,
  });
  const bare = (name: string, ...parts: string[]): SecretShape => shape(name, '', parts.join(''));
  const a = (n: number): string => take(alnum, n);
  const h = (n: number): string => take(hexDigits, n);
  const u = (n: number): string => take(urlSafe, n - 1) + take(alnum, 1);
  const d = (n: number): string => take(digits, n);
  const b64 = (n: number): string => Buffer.from(take(alnum, n)).toString('base64');
  const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwt = (): string => `${json({ alg: 'HS256', typ: 'JWT' })}.${json({ sub: a(10), iat: 1 })}.${u(43)}`;
  const uuid = (): string => [8, 4, 4, 4, 12].map((n) => h(n)).join('-');
  const pem = (kind: string, closed = true, lines = 6): string => {
    const label = ['PRIVATE', 'KEY'].join(' ');
    const line = (edge: string): string =>
      `-----${edge} ${kind}${label}${kind === 'PGP ' ? ' BLOCK' : ''}-----`;
    const body = Array.from({ length: lines }, () => take(`${alnum}+/`, 64));
    return [line('BEGIN'), ...body, `${take(alnum, 22)}==`, ...(closed ? [line('END')] : [])].join('\n');
  };

  const ours: SecretShape[] = [
    bare('slack bot token', 'xo', 'xb-', d(12), '-', d(13), '-', a(24)),
    bare('slack app token, whole tail', 'xa', 'pp-1-A', take(upper + digits, 10), '-', d(13), '-', h(64)),
    bare('slack signing secret', h(32)),
    bare('opencode password', u(32)),
    bare('mcp bearer token', u(43)),
    bare('bridge token with symbols', `${a(9)}+/&<"é\\`, ' ', a(9)),
  ].map((one) => ({ ...one, own: true }));

  return [
    ...ours,
    bare('slack rotated bot token', 'xo', 'xe.xo', 'xb-1-', a(60)),
    bare('slack refresh token', 'xo', 'xe-1-', a(60)),
    bare('slack user token', 'xo', 'xp-', d(11), '-', d(12), '-', h(32)),
    shape('slack webhook', 'https://hooks.slack.com/', `services/T${a(8)}/B${a(8)}/${a(24)}`),
    shape('opencode password in env', 'OPENCODE_SERVER_PASSWORD=', u(24)),
    shape('bearer', 'Bearer ', u(40)),
    bare('aws key id', 'AK', 'IA', take(base32, 16)),
    shape('aws secret', 'aws_secret_access_key = ', take(`${alnum}/+`, 40)),
    shape('aws secret beside its id', `${['AK', 'IA'].join('')}${take(base32, 16)},`, take(`${alnum}/+`, 40)),
    bare('github classic', 'gh', 'p_', a(36)),
    bare('github oauth', 'gh', 'o_', a(36)),
    bare('github user-to-server', 'gh', 'u_', a(36)),
    bare('github server-to-server', 'gh', 's_', a(36)),
    bare('github refresh', 'gh', 'r_', a(76)),
    bare('github fine-grained', 'github', '_pat_', a(22), '_', a(59)),
    bare('gitlab personal', 'gl', 'pat-', u(20)),
    bare('gitlab deploy', 'gl', 'dt-', u(20)),
    bare('gitlab runner', 'gl', 'rt-', u(20)),
    bare('openai project', 'sk', '-proj-', u(74), 'T3Blbk', 'FJ', u(74)),
    bare('openai legacy', 'sk', '-', a(20), 'T3Blbk', 'FJ', a(20)),
    bare('anthropic', 'sk', '-ant-api03-', u(93), 'AA'),
    bare('anthropic oauth', 'sk', '-ant-oat01-', u(93), 'AA'),
    bare('openrouter', 'sk', '-or-v1-', h(64)),
    bare('groq', 'gs', 'k_', a(52)),
    bare('hugging face', 'h', 'f_', take(upper + lower, 34)),
    bare('google api key', 'AI', 'za', u(35)),
    bare('google oauth', 'ya', '29.', u(60)),
    bare('google client secret', 'GOC', 'SPX-', u(28)),
    bare('npm', 'np', 'm_', a(36)),
    bare('pypi', 'py', 'pi-AgEIcHlwaS5vcmc', u(80)),
    bare('stripe live', 'sk', '_live_', a(24)),
    bare('stripe restricted', 'rk', '_live_', a(24)),
    bare('stripe webhook', 'wh', 'sec_', a(32)),
    bare('sendgrid', 'S', 'G.', u(22), '.', u(43)),
    bare('twilio', 'S', 'K', h(32)),
    shape('twilio auth token', 'TWILIO_AUTH_TOKEN=', h(32)),
    bare('jwt', jwt()),
    shape('url credential', 'postgres://app:', a(16), '@db.internal:5432/app'),
    shape('url token', 'https://', a(40), '@github.com/acme/app.git'),
    shape('git over token', 'https://x-access-token:', a(30), '@github.com/acme/app.git'),
    shape('authorization basic', 'Authorization: Basic ', Buffer.from(`user:${a(14)}`).toString('base64')),
    shape('authorization token', 'authorization: token ', a(40)),
    shape('curl user', 'curl -u admin:', a(12), ' https://ci.internal'),
    bare('linear', 'lin', '_api_', a(40)),
    bare('docker', 'dckr', '_pat_', u(27)),
    bare('digitalocean', 'do', 'p_v1_', h(64)),
    bare('vault', 'hv', 's.', u(95)),
    shape('azure storage', 'AccountName=lab;AccountKey=', `${take(`${alnum}+/`, 86)}==`, ';EndpointSuffix=x'),
    shape('azure sas', 'https://x.blob.core.windows.net/a?sv=2024&sig=', `${a(43)}%3D`),
    bare('azure client secret', a(3), '8Q', '~', a(34)),
    bare('telegram', d(10), ':A', 'A', u(33)),
    bare('discord', 'M', take(alnum, 23), '.', u(6), '.', u(38)),
    bare('age', 'AGE-SECRET', '-KEY-1', take('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)),
    bare('databricks', 'da', 'pi', h(32)),
    bare('atlassian', 'ATA', 'TT3', u(180), '=', take(upper, 8)),
    bare('1password service account', 'op', 's_eyJ', a(200)),
    bare('1password secret key', 'A', '3-', [6, 6, 5, 5, 5, 5].map((n) => take(upper + digits, n)).join('-')),
    bare('shopify', 'shp', 'at_', h(32)),
    bare('square', 'sq', '0atp-', u(22)),
    bare('square access', 'EA', 'AA', u(60)),
    bare('mailgun', 'ke', 'y-', h(32)),
    bare('mailchimp', h(32), '-us', '12'),
    bare('new relic', 'NR', 'AK-', take(upper + digits, 27)),
    bare('grafana service account', 'gl', 'sa_', a(32), '_', h(8)),
    bare('grafana cloud', 'gl', 'c_', b64(60)),
    bare('sentry org', 'sn', 'trys_', b64(60).replace(/=+$/, ''), '_', a(43)),
    bare('sentry user', 'sn', 'tryu_', h(64)),
    bare('planetscale', 'pscale', '_tkn_', u(43)),
    bare('doppler', 'dp', '.pt.', a(43)),
    bare('pulumi', 'pu', 'l-', h(40)),
    bare('terraform cloud', a(14), '.atlas', 'v1.', u(67)),
    bare('heroku', 'HR', 'KU-AA', u(58)),
    shape('heroku legacy', 'HEROKU_API_KEY=', uuid()),
    bare('fly.io', 'fo', '1_', u(43)),
    bare('fly.io macaroon', 'fm', '2_', take(`${alnum}+/`, 120)),
    bare('supabase', 'sb', 'p_', h(40)),
    bare('supabase secret', 'sb', '_secret_', u(31)),
    bare('notion', 'nt', 'n_', d(11), a(35)),
    bare('figma', 'fi', 'gd_', u(40)),
    bare('airtable', 'pa', 't', a(14), '.', h(64)),
    bare('postman', 'PM', 'AK-', h(24), '-', h(34)),
    shape('cloudflare token', 'CLOUDFLARE_API_TOKEN: ', u(40)),
    bare('cloudflare origin key', 'v1', '.0-', h(24), '-', h(146)),
    bare('rubygems', 'ruby', 'gems_', h(48)),
    bare('crates.io', 'ci', 'o', a(32)),
    shape('confluent', 'confluent_cloud_secret="', a(64), '"'),
    bare('dynatrace', 'dt', '0c01.', take(base32, 24), '.', take(base32, 64)),
    bare('okta', '00', u(40)),
    bare('tailscale', 'ts', 'key-auth-', a(12), 'CNTRL-', a(32)),
    bare('circleci', 'CCI', 'PAT_', a(22), '_', h(40)),
    bare('brevo', 'xkey', 'sib-', h(64), '-', a(16)),
    bare('ssh key', pem('OPENSSH ')),
    bare('rsa key', pem('RSA ', true, 20)),
    bare('ec key', pem('EC ')),
    bare('pkcs8 key', pem('')),
    bare('pgp key', pem('PGP ')),
    bare('cut-off key', pem('RSA ', false)),
    shape('kubeconfig key', 'client-key-data: ', Buffer.from(pem('RSA ')).toString('base64')),
    shape('.netrc', 'machine api.internal\n  login deploy\n  password ', a(18)),
    shape('password assignment', 'DB_PASSWORD=', `${a(7)}!${a(6)}`),
    shape('password in yaml', 'password: "', `${a(6)}-${a(6)}`, '"'),
    shape('password of an admin', 'SECRET_OF_ADMIN=', a(20)),
    shape('secret with a slash', 'AWS_SECRET_ACCESS_KEY=', `/${a(38)}1`),
    shape('password flag', 'mysql --password=', a(14)),
    shape('docker config', '{"auths":{"r.io":{"auth_token":"', b64(24), '"}}}'),
  ];
}

function createRandom(seed: number): (from: string, length: number) => string {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return (from, length) => Array.from({ length }, () => from[Math.floor(next() * from.length)]).join('');
}

/** Ten characters in a row count (of a shorter secret: all of it); prefixes that say what it was do not. */
function piecesOf({ secret }: SecretShape): string[] {
  return secret.split(/\s+/).flatMap((line) => {
    if (/^-----|KEY-----$|^(?:RSA|EC|OPENSSH|PGP|PRIVATE)$/.test(line) || line.length < 8) return [];
    const length = Math.min(10, line.length);
    return Array.from({ length: line.length - length + 1 }, (_, at) => line.slice(at, at + length));
  });
}

/** @returns a piece of the secret that can be read in `text`; null when it is well masked */
export function findLeak(text: string, shape: SecretShape): string | null {
  return piecesOf(shape).find((piece) => text.includes(piece)) ?? null;
}

/**
 * Looks for many secrets in a long text at once: a hundred in a megabyte take 0.1 s, one after the other 1.7 s.
 * @returns every piece that can be read, with the secret it is of
 */
export function findLeaks(
  text: string,
  shapes: readonly SecretShape[],
): { readonly shape: SecretShape; readonly piece: string }[] {
  const owners = new Map(shapes.flatMap((shape) => piecesOf(shape).map((piece) => [piece, shape] as const)));
  const lengths = new Set([...owners.keys()].map(({ length }) => length));
  const found = new Map<string, SecretShape>();
  for (let at = 0; at < text.length; at += 1) {
    for (const length of lengths) {
      const piece = text.slice(at, at + length);
      const shape = owners.get(piece);
      if (shape !== undefined) found.set(piece, shape);
    }
  }
  return [...found].map(([piece, shape]) => ({ shape, piece }));
}
