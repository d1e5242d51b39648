import { appMethods } from './app.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import type { Method } from './method.ts';
import { peopleMethods } from './people.ts';

/** Every method the server answers. */
export function allMethods(openConnection: () => string): readonly Method[] {
  return [...appMethods(openConnection), ...chatMethods, ...conversationMethods, ...peopleMethods];
}
