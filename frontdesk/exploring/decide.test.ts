import { describe, expect, it } from 'vitest';
import { decide as decideWith, type Input, newExploring } from './decide.ts';
import type { Exploring } from './record.ts';

const awayMs = 10 * 60_000;
const now = 100 * awayMs;
const decide = (record: Exploring, input: Input, at: number) => decideWith(record, input, at, awayMs);
const fresh = newExploring({ id: 's1', host: 'local', directory: '/w/repos/api' });
const held = (typedAt: number, holdId = 'c1'): Input => ({
  kind: 'held',
  holdId,
  tool: 'write',
  what: 'a.ts',
  title: 'Fix',
  said: 'fix it',
  model: 'a/b',
  typedAt,
});
/** What a row of inputs comes to: the record, and the acts of the last one. */
function after(...inputs: readonly Input[]) {
  let verdict = decide(fresh, { kind: 'tick' }, now);
  for (const input of inputs) {
    verdict = decide(verdict.record, input, now);
    // As the room does: the form was given, or the card is shown.
    if (verdict.acts.includes('form')) verdict = { ...verdict, record: inUi(verdict.record) };
    if (verdict.acts.includes('card')) verdict = { ...verdict, record: inChat(verdict.record) };
  }
  return verdict;
}
const inUi = (record: Exploring): Exploring => ({
  ...record,
  hold: record.hold && { ...record.hold, waits: false },
  form: { requestId: null, run: 'run-1' },
});
const ref = { team: 'T', channel: 'D', thread: '', dm: true };
const inChat = (record: Exploring): Exploring => ({ ...record, card: { ref, id: `card ${record.asked}` } });

describe("a person's own session", () => {
  it('WS-6: is asked nothing before it writes', () => {
    const { record, acts } = after({ kind: 'typed', title: 'Fix', at: now });
    expect([record.status, record.title, record.typedAt, acts]).toEqual(['exploring', 'Fix', now, []]);
  });

  it.each([
    [0, ['form']],
    [awayMs, ['form']],
    [awayMs + 1, ['form', 'card']],
  ])('WS-6: %i ms after the last prompt it is asked by %j', (quiet, asked) => {
    const { record, acts } = after(held(now - quiet));
    expect(acts).toEqual(asked);
    expect(record).toMatchObject({ status: 'asking', asked: 1, title: 'Fix', said: 'fix it', model: 'a/b' });
  });

  it('WS-6: the same write told again, and a second one, are the same asking', () => {
    const { record, acts } = after(held(0), held(0), held(0, 'c2'));
    expect(acts).toEqual(['form', 'card']);
    expect(record).toMatchObject({ asked: 1, card: { id: 'card 1' }, hold: { id: 'c2' } });
  });

  it('WS-6, OP-4: a form that could not be given, as the service was killed over it, is given at the next prompt', () => {
    const killed = decide(fresh, held(0), now).record;
    const { record, acts } = decide(killed, { kind: 'typed', title: '', at: now }, now);
    expect([acts, record.title]).toEqual([['form'], 'Fix']);
    expect(decide(inUi(record), { kind: 'typed', title: '', at: now }, now).acts).toEqual([]);
  });

  it('WS-6: away since the form was shown, it is asked in the chat as well, once', () => {
    const { record } = after(held(now), { kind: 'question', requestId: 'q1' });
    expect(decide(record, { kind: 'tick' }, now + awayMs).acts).toEqual([]);
    expect(decide(record, { kind: 'tick' }, now + awayMs + 1).acts).toEqual(['card']);
    expect(decide(inChat(record), { kind: 'tick' }, now + 2 * awayMs).acts).toEqual([]);
  });

  it('WS-6: an agent that shows no form, or an OpenCode that ends with it: asked in the chat', () => {
    expect(after(held(now), { kind: 'idle' }).acts).toEqual(['card']);
    const shown = [held(now), { kind: 'question', requestId: 'q1' }] as const;
    expect(after(...shown, { kind: 'idle' }).acts).toEqual([]);
    expect(after(...shown, { kind: 'error' }).acts).toEqual(['card']);
    // Asked already, it is the same card.
    expect(after(held(0), { kind: 'idle' }).record.card?.id).toBe('card 1');
  });

  it('WS-6: a form that went with its OpenCode is asked for in the chat', () => {
    const { record } = after(held(now), { kind: 'question', requestId: 'q1' });
    for (const run of ['run-1', undefined])
      expect(decide(record, { kind: 'tick', run }, now).acts).toEqual([]);
    const gone = decide(record, { kind: 'tick', run: 'run-2' }, now);
    expect(gone).toMatchObject({ record: { status: 'asking', form: null }, acts: ['card'] });
    expect(decide(inChat(gone.record), { kind: 'tick', run: 'run-2' }, now).acts).toEqual([]);
  });

  it('WS-6: right without events: a form that is found is known, one that is gone is asked for in the chat', () => {
    const { record } = after(held(now));
    expect(decide(record, { kind: 'found', requestId: null }, now).record).toBe(record);
    const found = decide(record, { kind: 'found', requestId: 'q1' }, now).record;
    expect(found.form).toEqual({ requestId: 'q1', run: 'run-1' });
    const gone = decide(found, { kind: 'found', requestId: null }, now);
    expect(gone).toMatchObject({ record: { status: 'asking', form: null }, acts: ['card'] });
    expect(decide(gone.record, { kind: 'found', requestId: 'q1' }, now).acts).toEqual([]);
  });

  it('WS-6: only the form counts, not a question after it; closed without answer nothing is asked any more', () => {
    const shown = [held(now), { kind: 'question', requestId: 'q1' }] as const;
    const { record } = after(...shown, { kind: 'question', requestId: 'q2' });
    expect(record.form).toEqual({ requestId: 'q1', run: 'run-1' });
    expect(decide(record, { kind: 'rejected', requestId: 'q2' }, now).record).toBe(record);
    const closed = decide(record, { kind: 'rejected', requestId: 'q1' }, now);
    expect(closed).toMatchObject({ record: { status: 'exploring', hold: null }, acts: ['show'] });
    const again = decide(closed.record, held(now, 'c2'), now);
    expect(again).toMatchObject({ record: { status: 'asking', asked: 2, card: null }, acts: ['form'] });
  });

  it('IN-7: a stopped turn ends the asking, another one does not', () => {
    expect(after(held(0), { kind: 'dropped', holdId: 'c9' }).record.status).toBe('asking');
    const { record, acts } = after(held(0), { kind: 'dropped', holdId: 'c1' });
    expect([record.status, acts]).toEqual(['exploring', ['show']]);
  });

  it('WS-6: a turn that is stopped before the move takes the start back, another one does not', () => {
    const starting: Exploring = { ...after(held(0)).record, status: 'starting' };
    expect(decide(starting, { kind: 'dropped', holdId: 'c9' }, now)).toEqual({ record: starting, acts: [] });
    const stopped = decide(starting, { kind: 'dropped', holdId: 'c1' }, now);
    expect(stopped).toMatchObject({ record: { status: 'starting', hold: null }, acts: ['cancel'] });
  });

  it('WS-6: while it moves a write waits for the move; afterwards nothing is held', () => {
    const starting: Exploring = { ...after(held(0)).record, status: 'starting' };
    expect(decide(starting, held(0, 'c2'), now)).toMatchObject({ record: { hold: { id: 'c2' } }, acts: [] });
    expect(decide({ ...starting, status: 'done' }, held(0, 'c3'), now).acts).toEqual(['go']);
  });
});
