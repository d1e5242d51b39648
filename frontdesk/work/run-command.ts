import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { helpText, type Command } from './commands.ts';
import type { Work } from './contract.ts';
import type { Answer, By, Labs } from './ports.ts';

/** A parsed command, done (IN-8). The same as by words, by form and by button. */
export async function runCommand(
  work: Work,
  labs: Labs | undefined,
  by: By,
  command: Command,
): Promise<Answer> {
  switch (command.verb) {
    case 'help':
      return { text: helpText, shown: false };
    case 'start':
      return {
        text: 'Use `/opencode start` for the form, or say what you want built and in which project.',
        shown: false,
      };
    case 'list':
      return { text: (await work.list(by)).text, shown: false };
    case 'status':
      return { text: (await work.status(by, command.workspace)).text, shown: false };
    case 'events':
      return await work.toggleEvents(by, command.on, command.workspace);
    case 'deploy':
    case 'logs':
    case 'undeploy':
      return await orStarting(labs)[command.verb](by, command.workspace);
    case 'test': {
      const { suites, workspace } = command;
      return await orStarting(labs).test(by, suites.length === 0 ? undefined : suites, workspace);
    }
    case 'pause':
    case 'resume':
    case 'stop':
    case 'plug':
    case 'unplug':
    case 'promote':
    case 'cleanup':
    case 'diff':
      return await work[command.verb](by, command.workspace);
  }
}

/** @throws FrontdeskError host_unavailable while the service is still coming up */
export function orStarting<T>(part: T | undefined): T {
  if (part === undefined) throw new FrontdeskError('host_unavailable', 'The service is still starting.');
  return part;
}
