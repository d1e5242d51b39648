import { z } from 'zod';

import type { SlackServer } from '../types.ts';

const where = { channel: z.string(), ts: z.string() };
const files = z
  .array(z.object({ name: z.string(), base64: z.string(), mimetype: z.string().optional() }))
  .transform((list) =>
    list.map(({ name, base64, mimetype }) => ({
      name,
      content: Buffer.from(base64, 'base64'),
      ...(mimetype === undefined ? {} : { mimetype }),
    })),
  )
  .optional();
const postOptions = { text: z.string(), threadTs: z.string().optional(), files };
const target = z.union([
  z.string(),
  z.object({
    actionId: z.string(),
    blockId: z.string().exactOptional(),
    value: z.union([z.string(), z.array(z.string())]).exactOptional(),
  }),
]);

/** What a person can do, as the body of `POST /control/act`: `{ "as": "U_ANNA", "do": "post", … }`. */
export const actSchema = z.intersection(
  z.object({ as: z.string() }),
  z.discriminatedUnion('do', [
    z.object({ do: z.literal('post'), channel: z.string(), ...postOptions }),
    z.object({ do: z.literal('dm'), ...postOptions }),
    z.object({ do: z.literal('edit'), ...where, text: z.string() }),
    z.object({ do: z.literal('delete'), ...where }),
    z.object({ do: z.literal('react'), ...where, emoji: z.string() }),
    z.object({ do: z.literal('unreact'), ...where, emoji: z.string() }),
    z.object({ do: z.literal('slash'), command: z.string(), text: z.string(), channel: z.string() }),
    z.object({ do: z.literal('click'), ...where, target }),
    z.object({ do: z.literal('click-view'), view: z.string(), target }),
    z.object({
      do: z.literal('shortcut'),
      callbackId: z.string(),
      channel: z.string().optional(),
      ts: z.string().optional(),
    }),
    z.object({ do: z.literal('submit'), view: z.string(), values: z.record(z.string(), z.unknown()) }),
    z.object({ do: z.literal('close-view'), view: z.string() }),
    z.object({ do: z.literal('open-home'), tab: z.enum(['home', 'messages']).optional() }),
    z.object({ do: z.literal('stop-session'), channel: z.string(), threadTs: z.string() }),
  ]),
);

export type Act = z.infer<typeof actSchema>;

/** Does it. @returns what the person's client got back; @throws what it cannot do */
export async function act(server: SlackServer, command: Act): Promise<unknown> {
  const person = server.as(command.as);
  const options = (given: { threadTs?: string | undefined; files?: z.infer<typeof files> }) => ({
    ...(given.threadTs === undefined ? {} : { threadTs: given.threadTs }),
    ...(given.files === undefined ? {} : { files: given.files }),
  });
  switch (command.do) {
    case 'post':
      return { ts: await person.post(command.channel, command.text, options(command)) };
    case 'dm':
      return { ts: await person.dm(command.text, options(command)) };
    case 'edit':
      return person.edit(command.channel, command.ts, command.text);
    case 'delete':
      return person.delete(command.channel, command.ts);
    case 'react':
      return person.react(command.channel, command.ts, command.emoji);
    case 'unreact':
      return person.unreact(command.channel, command.ts, command.emoji);
    case 'slash':
      return person.slash(command.command, command.text, command.channel);
    case 'click':
      return person.click(command.channel, command.ts, command.target);
    case 'click-view':
      return person.clickView(command.view, command.target);
    case 'shortcut':
      return person.shortcut(command.callbackId, command.channel, command.ts);
    case 'submit':
      return person.submit(command.view, command.values);
    case 'close-view':
      return person.closeView(command.view);
    case 'open-home':
      return person.openHome(command.tab);
    case 'stop-session':
      return person.stopSession(command.channel, command.threadTs);
  }
}

/** Body of `POST /control/faults`. */
export const faultSchema = z.object({
  method: z.string(),
  kind: z.enum([
    'ratelimited',
    'status',
    'error',
    'html',
    'hang',
    'hang-after',
    'reset',
    'reset-after',
    'slow',
  ]),
  channel: z.string().optional(),
  status: z.number().int().optional(),
  error: z.string().optional(),
  retryAfter: z.number().optional(),
  delayMs: z.number().optional(),
  times: z.number().int().optional(),
  forMs: z.number().optional(),
});

/** Body of `POST /control/sockets`. */
export const socketsSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('drop') }),
  z.object({ do: z.literal('refuse'), refused: z.boolean(), forMs: z.number().exactOptional() }),
  z.object({
    do: z.literal('disconnect'),
    reason: z.enum(['warning', 'refresh_requested', 'too_many_websockets', 'link_disabled']),
    index: z.number().int().exactOptional(),
  }),
  z.object({ do: z.literal('app-rate-limited') }),
]);

/** Does something to the connections. */
export function changeSockets({ sockets }: SlackServer, command: z.infer<typeof socketsSchema>): void {
  if (command.do === 'drop') sockets.dropAll();
  else if (command.do === 'refuse') sockets.refuse(command.refused, command.forMs);
  else if (command.do === 'disconnect') sockets.disconnect(command.reason, command.index);
  else sockets.appRateLimited();
}
