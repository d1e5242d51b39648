import { readFileSync } from 'node:fs';

import { parse } from 'yaml';
import { z } from 'zod';

const manifestSchema = z.looseObject({
  display_information: z.looseObject({ name: z.string().max(35) }),
  features: z
    .looseObject({
      bot_user: z.looseObject({ display_name: z.string() }).optional(),
      app_home: z
        .looseObject({
          home_tab_enabled: z.boolean().default(false),
          messages_tab_enabled: z.boolean().default(true),
        })
        .optional(),
      agent_view: z.looseObject({}).optional(),
      slash_commands: z
        .array(
          z.looseObject({
            command: z.string(),
            description: z.string().default(''),
            usage_hint: z.string().default(''),
          }),
        )
        .default([]),
      shortcuts: z
        .array(z.looseObject({ type: z.enum(['message', 'global']), callback_id: z.string() }))
        .default([]),
    })
    .prefault({}),
  oauth_config: z.looseObject({ scopes: z.looseObject({ bot: z.array(z.string()).default([]) }) }),
  settings: z.looseObject({
    event_subscriptions: z.looseObject({ bot_events: z.array(z.string()).default([]) }).prefault({}),
    socket_mode_enabled: z.boolean().default(false),
  }),
});

/** What of an app's manifest decides which events it gets and which methods it may call. */
export interface Manifest {
  readonly name: string;
  readonly botName: string;
  readonly scopes: ReadonlySet<string>;
  readonly events: ReadonlySet<string>;
  readonly commands: ReadonlySet<string>;
  /** What a client shows while a command is typed. */
  readonly commandHelp: readonly { command: string; description: string; usageHint: string }[];
  readonly shortcuts: readonly { type: 'message' | 'global'; callback_id: string }[];
  readonly homeTab: boolean;
  readonly agentView: boolean;
}

/**
 * Reads a manifest in YAML or JSON.
 * @throws what zod says of it, or the file system's error
 */
export function readManifest(path: string): Manifest {
  const { display_information, features, oauth_config, settings } = manifestSchema.parse(
    parse(readFileSync(path, 'utf8')),
  );
  return {
    name: display_information.name,
    botName: features.bot_user?.display_name ?? display_information.name,
    scopes: new Set(oauth_config.scopes.bot),
    events: new Set(settings.event_subscriptions.bot_events),
    commands: new Set(features.slash_commands.map(({ command }) => command)),
    commandHelp: features.slash_commands.map(({ command, description, usage_hint: usageHint }) => ({
      command,
      description,
      usageHint,
    })),
    shortcuts: features.shortcuts,
    homeTab: features.app_home?.home_tab_enabled ?? false,
    agentView: features.agent_view !== undefined,
  };
}
