import { configSchema } from '../../frontdesk/config/schema.ts';
import { type Setting, settings } from '../../frontdesk/config/settings.ts';

/** The README's table of settings, made from the schema, so that it stays true. */
function renderSettings(): string {
  const given = configSchema.safeParse({ botToken: 'xoxb-x', appToken: 'xapp-x', model: 'a/b' });
  const defaults: Readonly<Record<string, unknown>> = given.success ? given.data : {};
  const rows = (Object.entries(settings) as [string, Setting][]).map(
    ([key, { variable, meaning, secret }]) => {
      const value = ['botToken', 'appToken', 'model'].includes(key) ? undefined : defaults[key];
      const isNone = value === undefined || (Array.isArray(value) && value.length === 0);
      // An object's default is a page of its own; its meaning says where.
      const shown = isNone ? '' : typeof value === 'object' ? 'as shipped' : `\`${shorten(value)}\``;
      return `| \`${variable}\` | ${meaning}${secret ? ' (secret)' : ''} | ${shown} |`;
    },
  );
  return ['| variable | meaning | default |', '|---|---|---|', ...rows].join('\n');
}

function shorten(value: unknown): string {
  return String(value).replace(/^.*\.config/, '~/.config');
}

/** @returns the README with its table replaced */
export function withSettings(readme: string): string {
  return readme.replace(
    /(<!-- settings:.*?-->\n)[\s\S]*?(<!-- \/settings -->)/,
    (_, open: string, close: string) => [open.trimEnd(), renderSettings(), close].join('\n'),
  );
}
