import { agentMethods } from './agents.ts';
import { appMethods } from './app.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import type { Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { streamMethods } from './streams.ts';
import { viewMethods } from './views.ts';

/** Every method the server answers. */
export function allMethods(openConnection: () => string): readonly Method[] {
  return [
    ...appMethods(openConnection),
    ...chatMethods,
    ...streamMethods,
    ...conversationMethods,
    ...peopleMethods,
    ...fileMethods,
    ...viewMethods,
    ...agentMethods,
  ];
}
