import { z } from 'zod';
import { describeError, FrontdeskError } from '../mcp-servers/kit/errors.ts';
import { SlackFailure } from '../mcp-servers/slack/slack-failure.ts';
import type { SlackWeb } from '../mcp-servers/slack/web.ts';

const identitySchema = z.object({ user_id: z.string(), team_id: z.string() });

/**
 * Asks Slack who the bot token is.
 * @throws FrontdeskError slack_refused (a wrong token) or slack_unreachable
 */
export async function proveToken(web: SlackWeb): Promise<{ teamId: string; botUserId: string }> {
  try {
    const { user_id: botUserId, team_id: teamId } = identitySchema.parse(await web.call('auth.test'));
    return { teamId, botUserId };
  } catch (error) {
    const refused = error instanceof SlackFailure && error.failure.kind === 'refused';
    const detail = `SLACK_BOT_TOKEN was tried: ${describeError(error)}.`;
    throw new FrontdeskError(refused ? 'slack_refused' : 'slack_unreachable', detail, { cause: error });
  }
}
