import { z } from 'zod';

import { method } from './method.ts';
import { SlackError } from './slack-error.ts';

const apiTest = method({
  name: 'api.test',
  tier: 4,
  token: 'any',
  args: z.looseObject({ error: z.string().optional() }),
  run(_world, args) {
    if (args.error) throw new SlackError(args.error, { args });
    return { args };
  },
});

const authTest = method({
  name: 'auth.test',
  tier: 'none',
  token: 'any',
  args: z.object({}),
  run(world) {
    const { teamId, teamName, botId, botUserId } = world.id;
    return {
      url: `${world.url}/`,
      team: teamName,
      user: world.manifest.botName,
      team_id: teamId,
      user_id: botUserId,
      bot_id: botId,
      is_enterprise_install: false,
    };
  },
});

/** apps.connections.open; the hub makes the ticket. */
export const appMethods = (openConnection: () => string) => [
  apiTest,
  authTest,
  method({
    name: 'apps.connections.open',
    tier: 3,
    token: 'app',
    args: z.object({}),
    run: () => ({ url: openConnection() }),
  }),
];
