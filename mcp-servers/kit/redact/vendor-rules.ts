import { type Rule, token } from './rule.ts';

/**
 * Tokens that can be told by their own prefix or structure. Lengths are lower bounds where vendors vary: a
 * token that grows must not show its tail, so the last class usually runs on.
 */
const w = '[A-Za-z0-9_-]';
const an = '[A-Za-z0-9]';
const hex = '[a-f0-9]';

const chats: Rule[] = [
  token('slack-token', `xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,}|xwfp-[A-Za-z0-9-]{10,}`),
  token('slack-app-token', `xapp-[A-Za-z0-9-]{10,}`),
  {
    kind: 'slack-webhook',
    pattern: /hooks\.slack(?:-gov)?\.com\/(?<secret>(?:services|workflows|triggers)\/[\w+/-]{20,})/dg,
  },
  token('telegram', `\\d{8,10}:AA[\\w-]{32,}`),
  token('discord', `[MNO][\\w-]{23,27}\\.[\\w-]{6}\\.[\\w-]{27,}`),
  {
    kind: 'discord-webhook',
    pattern: /discord(?:app)?\.com\/api\/webhooks\/(?<secret>\d{15,20}\/[\w-]{40,})/dg,
  },
  { kind: 'teams-webhook', pattern: /webhook\.office\.com\/webhookb2\/(?<secret>[\w@/-]{40,})/dg },
];

const code: Rule[] = [
  token('github-token', `gh[a-z]_${w}{30,}|github_pat_${w}{50,}|v1\\.${hex}{40}`),
  token('gitlab-token', `gl(?:pat|dt|rt|rtr|ptt|cbt|soat|ft|ffct|imt|agent|oas|wt)-[\\w.-]{20,}`),
  token('gitlab-runner', `GR1348941[\\w-]{20,}`),
  token('npm-token', `npm_${an}{36,}`),
  token('pypi-token', `pypi-[\\w-]{50,}`),
  token('rubygems', `rubygems_${hex}{48}`),
  token('crates-io', `cio${an}{32}`),
  token('nuget', `oy2[a-z0-9]{43}`),
  token('docker', `dckr_(?:pat|oat)_[\\w-]{20,}`),
  token('atlassian', `AT[A-Z]TT3[\\w=-]{50,}|ATBB${an}{28,}`, ''),
  token('circleci', `CCI(?:PAT|PRJ)_[\\w]{20,}`),
  token('buildkite', `bkua_${hex}{40}`),
  token('sourcegraph', `sgp_(?:[a-z0-9]{16}_)?${hex}{40}`),
  token('artifactory', `AKCp${an}{60,}|cmVmdGtu${an}{50,}`),
  token('postman', `PMAK-${hex}{24}-${hex}{34}`),
  token('figma', `fig[a-z]_[\\w-]{30,}`),
  token('linear', `lin_(?:api|oauth|wh)_${an}{32,}`),
  token('notion', `ntn_${an}{40,}|secret_${an}{43}`),
  token('airtable', `pat${an}{14}\\.${hex}{64}`),
  token('sentry', `sntry[su]_[\\w+/=-]{40,}`, ''),
  token('contentful', `CFPAT-[\\w-]{43}`),
  token('typeform', `tfp_[\\w.=-]{40,}`, ''),
];

const models: Rule[] = [
  token('anthropic', `sk-ant-[\\w-]{20,}`),
  token('openai', `sk-(?:proj|svcacct|admin|None)-[\\w-]{20,}|sk-[\\w-]{16,}T3BlbkFJ[\\w-]{16,}`),
  token('openrouter', `sk-or-[\\w-]{20,}`),
  token(
    'model-key',
    `sk-${an}{32,}|gsk_${an}{40,}|xai-${an}{40,}|pplx-${an}{40,}|r8_${an}{30,}|fw_${an}{20,}`,
  ),
  token('hugging-face', `(?:hf|api_org)_[A-Za-z0-9]{30,}`),
  token('langsmith', `lsv2_(?:pt|sk)_[\\w]{32,}`),
];

const clouds: Rule[] = [
  token('aws-key-id', `(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}`),
  {
    kind: 'aws-secret',
    pattern:
      /(?<![A-Z0-9])A(?:KIA|SIA)[A-Z0-9]{16}["']?[\s,:;|]{1,5}["']?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/dg,
  },
  token('aws-bedrock', `ABSK[A-Za-z0-9+/]{80,}={0,2}`, ''),
  token('google-api-key', `AIza[\\w-]{35}`),
  token('google-oauth', `ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{28}|1//0[\\w-]{40,}`),
  { kind: 'azure-key', pattern: /(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{40,}={0,2})/dg },
  { kind: 'azure-sas', pattern: /[?&;](?:amp;)?sig=(?<secret>[A-Za-z0-9%+/]{30,}={0,2})/dg },
  { kind: 'azure-client-secret', pattern: /(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,40}/dg },
  token('alibaba', `LTAI${an}{20}`),
  token('tencent', `AKID${an}{32}`),
  token('digitalocean', `do[oprt]_v1_${hex}{64}`),
  token('heroku', `HRKU-[\\w-]{30,}`),
  { kind: 'fly-io', pattern: /(?<![A-Za-z0-9_-])(?:fo1_[\w-]{40,}|fm\d[a-z]?_[A-Za-z0-9+/]{60,}={0,3})/dg },
  token('supabase', `sbp_(?:v0_)?${hex}{40}|sb_secret_[\\w-]{20,}`),
  token('planetscale', `pscale_(?:tkn|pw|oauth)_[\\w.=-]{30,}`, ''),
  token('netlify', `nfp_${an}{36,}`),
  token('vercel', `vc[a-z]_${an}{24,}`),
  token('render', `rnd_${an}{28,}`),
  token('cloudflare', `v1\\.0-${hex}{24}-${hex}{140,}|cf[a-z]{1,3}_${an}{40,}`),
  token('tailscale', `tskey-[a-z]+-[\\w-]{20,}`),
  token('alchemy-databricks', `dapi${hex}{32}(?:-\\d)?`),
  token('terraform-cloud', `${an}{14}\\.atlasv1\\.[\\w=-]{60,}`, ''),
  token('pulumi', `pul-${hex}{40}`),
  token('vault', `hv[sbr]\\.[\\w-]{24,}|s\\.(?=[A-Za-z]{0,23}\\d)${an}{24}`),
  token('doppler', `dp\\.(?:pt|st|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?${an}{40,}`),
  token('1password', `ops_eyJ[\\w+/=-]{100,}`, ''),
  token('1password-key', `A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}`),
  token('age', `AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{58,}`),
];

const services: Rule[] = [
  token('stripe', `(?:sk|rk)_(?:live|test|prod)_${an}{10,}|whsec_[A-Za-z0-9+/]{24,}`),
  token('square', `sq0[a-z]{3}-[\\w-]{22,}|EAAA[\\w-]{50,}`),
  token('facebook', `EAA[MC]${an}{60,}`),
  token('shopify', `shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}`),
  token('sendgrid', `SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}`),
  token('twilio', `SK[a-f0-9]{32}`),
  token('mailgun', `key-${hex}{32}|(?:pubkey-)?${hex}{32}-${hex}{8}-${hex}{8}`),
  token('mailchimp', `${hex}{32}-us\\d{1,2}`),
  token('brevo', `xkeysib-${hex}{64}-${an}{16}`),
  token('new-relic', `NR(?:AK|II|JS|RA|BR|IQ|SP)-[\\w-]{19,}|${hex}{36}NRAL`),
  token('grafana', `gl(?:sa|c)_[\\w+/=-]{32,}|eyJrIjoi[\\w+/=-]{30,}`, ''),
  token('dynatrace', `dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}`),
  token('okta', `00[\\w-]{40}`),
  token('confluent', `cflt${an}{40,}`),
  token('prefect', `pn[ub]_${an}{36}`),
  token('typesense-like', `(?:duffel|shippo)_(?:live|test)_[\\w=-]{20,}`),
  token('plaid', `access-(?:sandbox|development|production)-${hex}{8}(?:-${hex}{4}){3}-${hex}{12}`),
  token('dropbox', `sl\\.[\\w-]{100,}`),
];

export const vendorRules: readonly Rule[] = [...chats, ...code, ...models, ...clouds, ...services];
