import { describe, expect, it } from 'vitest';
import { anna } from '../../test/support/work-world.ts';
import { dm, fieldsOf, setUp, shown, start, workspace } from './exploring.harness.ts';

describe("sessions begun in OpenCode's own UI", () => {
  it('WS-6: at the keyboard: the form in OpenCode, its answer, and the session works in its workspace', async () => {
    const { world, live, held, settled, status, cards } = setUp();
    const life = live();
    life.tell(held(start));
    await world.until(() => life.released().length > 0, 'the refusal');
    const [{ refusal } = { refusal: null }] = life.released();
    expect(refusal?.message).toContain('`question`');
    expect(refusal?.form?.map(({ header }) => header)).toEqual(['Project', 'Title', 'Repositories']);
    // Of the agent's own, asked beside the write.
    life.hear({ sessionId: 's1', kind: 'question', requestId: 'q0', request: { questions: [] } });
    life.hear(shown);
    life.hear({
      sessionId: 's1',
      kind: 'askEnded',
      requestId: 'q1',
      answer: [['ai-dev/domain-apis'], ['Fix login'], ['api']],
    });
    await settled(life, 'done');
    expect(world.state(workspace)).toMatchObject({
      title: 'Fix login',
      description: 'fix the login',
      repositories: ['api'],
      session: { id: 's1', host: 'local', model: 'local/qwen', status: 'running' },
    });
    expect(world.session(workspace)).toMatchObject({ directory: `/w/.builders/${workspace}` });
    expect(world.session(workspace)?.messages.map(({ text }) => text)).toEqual([
      expect.stringContaining('The write that was held has not happened.'),
    ]);
    // In the chat only the thread of the work.
    expect(cards()).toEqual([]);
    life.hear({ sessionId: 's1', kind: 'idle' });
    expect(status()).toBe('done');
  });

  it('WS-6: away: asked in the chat, once, over a restart of the service, too; a click of a stranger is nothing', async () => {
    const { world, live, held, press, settled, cards, pass } = setUp();
    pass(11 * 60_000);
    const first = live();
    first.tell(held(start));
    await world.until(() => cards().length === 1, 'the card');
    // Who comes back to the page finds the form; and nothing waits there that an absent service would let go.
    expect(first.released()).toMatchObject([{ refusal: { message: expect.stringContaining('`question`') } }]);
    first.crash();
    const life = live();
    await life.room.resumeAll();
    life.tell(held(start));
    expect(life.room.waiting()).toEqual([{ text: '✋ Fix login: waits for its workspace', ref: dm }]);
    expect(await press(life, 'Use', 'W0NOBODY')).toBeNull();
    expect(await press(life, 'Use ai-dev/domain-apis · api')).toBeNull();
    await settled(life, 'done');
    expect(cards()).toEqual(['✅ Configured by anna: Fix login']);
    expect(await press(life, 'Use').catch(() => 'gone')).toBe('gone');
    expect(world.state(workspace)).toMatchObject({ repositories: ['api'], session: { id: 's1' } });
  });

  it('WS-6: asked in both places the first answer wins, and the other is told', async () => {
    const { world, live, held, press, settled, cards, pass } = setUp();
    const life = live();
    life.tell(held(start));
    await world.until(() => life.released().length === 1, 'the form');
    life.hear(shown);
    pass(11 * 60_000);
    await world.until(() => {
      life.tick();
      return cards().length === 1;
    }, 'the card');
    const view = await press(life, 'Set up workspace');
    const text = JSON.stringify(view);
    expect(text).toContain('exploring.setup');
    expect(text).toContain('"initial_value":"Fix login"');
    const answer = [['ai-dev/domain-apis'], ['Fix login'], []];
    life.hear({ sessionId: 's1', kind: 'askEnded', requestId: 'q1', answer });
    await settled(life, 'done');
    expect(cards()).toEqual(['✅ Configured in OpenCode: Fix login']);
    // The answered form ends with the move.
    expect(life.released()).toHaveLength(1);
    const state = {
      values: fieldsOf({ category: 'ops', project: 'infra', title: 'Other', priority: 'low' }),
    };
    const metadata = JSON.stringify({ askedIn: dm, session: 's1' });
    const late = await life.room.room.submit?.(
      { person: anna, ref: dm, requestId: 'v1' },
      'exploring.setup',
      {
        private_metadata: metadata,
        state,
      },
    );
    expect(late).toEqual({ errors: { title: `It works in \`${workspace}\` already.` } });
    expect([...world.infos.keys()]).toEqual([workspace]);
  });

  it('WS-6: the modal configures it as it was filled in', async () => {
    const { world, live, held, press, settled, pass, cards } = setUp();
    pass(11 * 60_000);
    const life = live();
    life.tell(held(start));
    await world.until(() => cards().length === 1, 'the card');
    await press(life, 'Set up workspace');
    const values = fieldsOf({ category: 'ops', project: 'infra', title: 'Other name', priority: 'low' });
    const submitted = await life.room.room.submit?.(
      { person: anna, ref: dm, requestId: 'v1' },
      'exploring.setup',
      {
        private_metadata: JSON.stringify({ askedIn: dm, session: 's1' }),
        state: { values },
      },
    );
    expect(submitted).toBeNull();
    await settled(life, 'done');
    expect(world.state('ops-infra-other-name')).toMatchObject({ priority: 'low', session: { id: 's1' } });
  });

  it("WS-6: asked is the host's owner; their answer fills in the form in OpenCode, too, and a failure is said in both", async () => {
    const { world, live, held, press, settled, pass } = setUp({ owners: { local: 'W0BEN' } });
    world.broken.create = new Error('disk full');
    const life = live();
    life.tell(held(start));
    await world.until(() => life.released().length === 1, 'the form');
    life.hear(shown);
    pass(11 * 60_000);
    const cards = () => world.cards({ ...dm, channel: 'D0W0BEN' }).map(({ title }) => title);
    await world.until(() => (life.tick(), cards().length === 1), "the card in the owner's DM");
    expect(await press(life, 'Use', anna, 'D0W0BEN')).toBeNull();
    await world.until(() => (life.tick(), cards()[0]?.includes('⚠️') === true), 'the failure');
    const answers = [['ai-dev/domain-apis'], ['Fix login'], ['api']];
    expect(life.answered).toEqual([{ requestId: 'q1', answers }]);
    life.hear({ sessionId: 's1', kind: 'askEnded', requestId: 'q1', answer: answers });
    expect(life.released()[1]?.refusal?.message).toContain('could not be given its workspace');
    world.broken.create = undefined as never;
    await press(life, 'Use', anna, 'D0W0BEN');
    await settled(life, 'done');
    expect(cards()).toEqual(['✅ Configured by anna: Fix login']);
    expect(life.answered).toHaveLength(1);
  });
});
