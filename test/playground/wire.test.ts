/** What the page believes of the control API, held against the Slack server itself. */
import { expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { actSchema, faultSchema, socketsSchema } from '../slack/control/commands.ts';
import type { Change } from '../slack/changes.ts';
import type { JournalEntry } from '../slack/journal.ts';
import { startSlackServer } from '../slack/server.ts';
import type * as page from './page/src/wire.ts';

it('sends only what the control API takes, by type', () => {
  expectTypeOf<page.Act & { as: string }>().toExtend<z.input<typeof actSchema>>();
  expectTypeOf<page.FaultOrder>().toExtend<z.input<typeof faultSchema>>();
  expectTypeOf<page.SocketsOrder>().toExtend<z.input<typeof socketsSchema>>();
  expectTypeOf<page.JournalEntry['name']>().toEqualTypeOf<JournalEntry['name']>();
  expectTypeOf<page.Change['kind']>().toEqualTypeOf<Exclude<Change['kind'], 'journal'>>();
});

it('finds in the state and in messages what it reads', async () => {
  await using slack = await startSlackServer();
  const ts = await slack.as('U_ANNA').post('C_DEV', 'hello');
  const get = async <T>(path: string) => (await (await fetch(`${slack.url}/control/${path}`)).json()) as T;
  const world = await get<page.World>('state');
  expect(world).toMatchObject({
    team: { name: 'Local' },
    bot: { userId: slack.botUserId, name: 'frontdesk' },
    dms: { U_ANNA: 'D_ANNA' },
    statuses: {},
    titles: {},
    prompts: {},
    modals: {},
    homes: {},
    sockets: { count: 0, opened: 0 },
    faults: [],
    pendingEvents: expect.any(Number) as number,
  });
  expect(world.people.find(({ id }) => id === 'U_ANNA')).toMatchObject({ name: 'anna', real_name: 'Anna' });
  expect(world.channels[0]).toMatchObject({ id: 'C_GENERAL', is_im: false, is_private: false });
  expect(world.shortcuts[0]).toMatchObject({ type: 'message', name: 'OpenCode: this thread' });
  const [message] = await get<page.Message[]>(`messages?channel=C_DEV&ts=${ts}`);
  expect(message).toMatchObject({ ts, user: 'U_ANNA', text: 'hello', is_reply: false });
});
