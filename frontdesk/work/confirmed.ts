import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { CleanupResult, SavedWork } from '../../mcp-servers/workspaces/contract.ts';
import type { PromoteResult } from '../../mcp-servers/workspaces/promote/shapes.ts';
import type { Book } from './book.ts';
import type { RunConfirmed } from './confirm.ts';
import { sameThread } from './plug.ts';
import type { WorkPorts } from './ports.ts';
import { withPullRequests } from './pull-requests.ts';
import { type Confirmation, deskOf } from './record.ts';

/** What a confirmed click does. */
export function createRunConfirmed(ports: WorkPorts, book: Book): RunConfirmed {
  const { workspaces, hosts, chat, labs } = ports;

  /** The agent must not write where the floor is taken away. */
  const interrupt = async (name: string): Promise<void> => {
    const { state, folder } = workspaces.get(name);
    const { session } = state;
    if (session === null) return;
    if (session.status !== 'stopped') await book.setStatus(name, 'stopped');
    if (!hosts.isConnected(session.host)) return;
    await hosts.abort({ host: session.host, sessionId: session.id, directory: folder });
    await hosts.release({ host: session.host, directory: folder });
  };

  const cleanUp = async (name: string, o: Parameters<RunConfirmed>[1]): Promise<string> => {
    const before = workspaces.find(name);
    if (before === undefined) {
      // Done by the life before this one, and killed before it could say so.
      const text = `🧹 \`${name}\` is cleaned up.`;
      await tellThread(name, text, o, o.gone);
      return text;
    }
    const { card } = deskOf(before.state);
    const { thread, title, createdAt } = before.state;
    const gone = { thread, createdAt };
    await o.note(gone);
    await interrupt(name);
    await labs?.abandon(name);
    if (card !== null)
      await chat.change(card.ref, card.id, {
        kind: 'card',
        card: { title: `🧹 ${title}`, facts: [name, 'cleaned up'] },
      });
    const result = await workspaces.cleanup(name).catch(async (error: unknown) => {
      await book.showCard(name);
      throw error;
    });
    const text = cleanupText(name, result);
    await tellThread(name, text, o, gone);
    return text;
  };

  /** Where it was plugged in, unless that is where it was asked for. */
  const tellThread = async (
    name: string,
    text: string,
    { person, ref }: { readonly person: string; readonly ref: ThreadRef },
    gone: Confirmation['gone'],
  ): Promise<void> => {
    if (!gone?.thread || sameThread(gone.thread, ref)) return;
    await chat.say(gone.thread, `work/${name}/cleanup/${gone.createdAt}`, {
      kind: 'text',
      markdown: `${text} (by ${await chat.nameOf(person)})`,
    });
  };

  return async (action, o) =>
    await book.lanes(action.workspace, async () => {
      switch (action.kind) {
        case 'promote': {
          const result = await workspaces.promote(action.workspace);
          await workspaces.updateState(action.workspace, (state) => withPullRequests(state, result));
          return promoteText(result);
        }
        case 'reset': {
          if (workspaces.get(action.workspace).state.session?.status === 'running')
            throw new FrontdeskError(
              'workspace_failed',
              `\`${action.workspace}\` is at work; pause it first.`,
            );
          return resetText(action.workspace, await workspaces.reset(action.workspace));
        }
        case 'cleanup':
          return await cleanUp(action.workspace, o);
        case 'lab-cleanup':
          await labs?.cleanup(action.workspace);
          return `🧹 The lab of \`${action.workspace}\` is cleaned up.`;
      }
    });
}

export function promoteText({ workspace, repositories }: PromoteResult): string {
  const lines = repositories.map(
    ({ repository, branch, outcome, commits, uncommitted, pullRequest, compareUrl, note }) => {
      const what = {
        pushed: `pushed \`${branch}\`, ${commits} commit${commits === 1 ? '' : 's'}`,
        nothing: 'nothing to publish',
        local: `no remote; the branch \`${branch}\` stays here`,
        failed: 'failed',
      }[outcome];
      const link = pullRequest
        ? ` · [pull request #${pullRequest.number}](${pullRequest.url})`
        : compareUrl
          ? ` · [open a pull request](${compareUrl})`
          : '';
      const left =
        uncommitted > 0
          ? ` · ⚠️ ${uncommitted} file${uncommitted === 1 ? '' : 's'} not committed, left out`
          : '';
      return `- **${repository}**: ${what}${link}${left}${note === undefined ? '' : ` · ${note}`}`;
    },
  );
  const failed = repositories.some(({ outcome }) => outcome === 'failed');
  return [
    `${failed ? '⚠️' : '🚢'} Promoted \`${workspace}\`${failed ? ', not all of it' : ''}`,
    ...lines,
  ].join('\n');
}

export function resetText(name: string, saved: readonly SavedWork[]): string {
  const kept = saved.map(({ repository, ref }) => `- ${repository}: what was not committed is in \`${ref}\``);
  return [`🧽 \`${name}\` is as its last commit.`, ...kept].join('\n');
}

export function cleanupText(name: string, { saved, branches }: CleanupResult): string {
  const kept = saved.map(({ repository, ref }) => `- ${repository}: what was not committed is in \`${ref}\``);
  const left = branches.map(
    ({ repository, branch, removed, reason }) =>
      `- ${repository}: branch \`${branch}\` ${removed ? 'removed' : 'kept'} (${reason})`,
  );
  return [`🧹 \`${name}\` is cleaned up.`, ...left, ...kept].join('\n');
}
