import { setTimeout as delay } from 'node:timers/promises';
import { startBareOpenCode } from './bare-opencode.ts';
import type { Place } from './conversation.ts';
import { type Measure, p50 } from './figures.ts';
import { cpuOf } from './processes.ts';
import { openRig } from './rig.ts';

/** Issue 2 §7: what a message costs, against starting OpenCode anew for each one. */
export const cpuBench: Measure = {
  name: 'cpu',
  about: 'CPU time of one message, against `opencode run --session` for each',
  async run({ quick, nodeOptions, say }) {
    await using rig = await openRig({ channels: 10, nodeOptions });
    await using bare = await startBareOpenCode(rig.model);
    const places = Array.from({ length: 10 }, (_, at): Place => ({ channel: `C_${at}` }));
    const session = await bare.newSession();
    say('warm-up');
    for (let turn = 0; turn < 40; turn += 1) await rig.conversation.turn(places[turn % 10] as Place);
    await bare.turn(session, 'w0w');

    const runs: number[] = [];
    const desk = { service: 0, openCode: 0, turns: 0 };
    for (let round = 0; round < (quick ? 2 : 6); round += 1) {
      say(`round ${round + 1}: 25 turns, then one run`);
      const before = { service: cpuOf(rig.servicePid), openCode: cpuOf(rig.openCodePid) };
      for (let turn = 0; turn < 25; turn += 1) await rig.conversation.turn(places[turn % 10] as Place);
      // What a turn leaves to be done belongs to it.
      await delay(300);
      desk.service += cpuOf(rig.servicePid) - before.service;
      desk.openCode += cpuOf(rig.openCodePid) - before.openCode;
      desk.turns += 25;
      runs.push(await bare.runCli(session, `r${round}r`));
    }
    const [service, openCode, run] = [desk.service / desk.turns, desk.openCode / desk.turns, p50(runs)];
    return [
      {
        what: 'service and OpenCode / run',
        value: (service + openCode) / run,
        unit: '×',
        goal: { atMost: 0.1 },
        note: `${desk.turns} turns, ${runs.length} runs`,
      },
      { what: 'service alone / run', value: service / run, unit: '×' },
      { what: 'service, a message', value: service, unit: 'ms' },
      { what: 'OpenCode under it, a message', value: openCode, unit: 'ms' },
      { what: '`opencode run --session`, a message, p50', value: run, unit: 'ms' },
    ];
  },
};
