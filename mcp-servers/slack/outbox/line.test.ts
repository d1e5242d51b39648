import { describe, expect, it } from 'vitest';
import { createLine, type Ticket } from './line.ts';
import { createPace } from './pace.ts';

function start() {
  const timers: { at: number; wake: () => void }[] = [];
  let time = 0;
  const clock = {
    now: () => time,
    steady: () => time,
    after(ms: number, wake: () => void) {
      const timer = { at: time + ms, wake };
      timers.push(timer);
      return { [Symbol.dispose]: () => void timers.splice(timers.indexOf(timer) >>> 0, 1) };
    },
  };
  const line = createLine({ clock, pace: createPace(clock.steady) });
  const log: string[] = [];
  const ticket = (name: string, gates: string[], more: Partial<Ticket> = {}) => {
    const { promise, resolve } = Promise.withResolvers<'done' | 'again'>();
    line.add({
      gates,
      method: 'none',
      channel: 'C',
      droppable: false,
      notBefore: 0,
      run() {
        log.push(name);
        return promise;
      },
      ...more,
    });
    return resolve;
  };
  return {
    line,
    log,
    ticket,
    pass: (ms: number) => {
      time += ms;
      for (const timer of timers.filter(({ at }) => at <= time)) timer.wake();
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the line', () => {
  it('OUT-1: starts at once, and one at a time behind each gate', async () => {
    const { log, ticket } = start();
    const first = ticket('a1', ['a']);
    ticket('a2', ['a']);
    ticket('b1', ['b']);
    expect(log).toEqual(['a1', 'b1']);
    first('done');
    await settled();
    expect(log).toEqual(['a1', 'b1', 'a2']);
  });

  it('OUT-1: what waits at one gate keeps its place at its others', async () => {
    const { log, ticket } = start();
    const first = ticket('a', ['a']);
    ticket('ab', ['a', 'b']);
    ticket('b', ['b']);
    expect(log).toEqual(['a']);
    first('done');
    await settled();
    expect(log).toEqual(['a', 'ab']);
  });

  it('OUT-1: what failed is tried again in its place, when its time has come', async () => {
    const { log, ticket, pass } = start();
    const gates = ['a'];
    let failures = 1;
    ticket('slow', gates, {
      notBefore: 0,
      async run() {
        log.push('try');
        if (failures === 0) return 'done';
        failures -= 1;
        this.notBefore = 1000;
        return 'again';
      },
    });
    ticket('next', gates);
    await settled();
    pass(999);
    expect(log).toEqual(['try']);
    pass(1);
    await settled();
    expect(log).toEqual(['try', 'try', 'next']);
  });

  it('OUT-4: something durable drops what is not, unless it runs', async () => {
    const { log, ticket } = start();
    const hold = ticket('hold', ['m']);
    ticket('live', ['m'], { droppable: true });
    ticket('final', ['m']);
    hold('done');
    await settled();
    expect(log).toEqual(['hold', 'final']);
  });

  it('OP-4: stopped it starts nothing, and is quiet when nothing runs', async () => {
    const { line, log, ticket } = start();
    const running = ticket('running', ['a']);
    ticket('waiting', ['a']);
    line.stop();
    let quiet = false;
    void line.whenQuiet().then(() => (quiet = true));
    await settled();
    expect(quiet).toBe(false);
    running('done');
    await settled();
    expect(quiet).toBe(true);
    expect(log).toEqual(['running']);
    expect(line.depth).toBe(1);
  });
});
