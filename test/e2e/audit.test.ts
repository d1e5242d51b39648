import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answer, useStage } from './use-stage.ts';

const stage = useStage();

it('IN-11: the audit log says who did what, to what, when, and what came of it', async () => {
  const { slack, model, config, settled } = stage();
  model.script(/audit me/, answer('Noted.'));
  const ts = await slack.as('U_ANNA').post('C_DEV', '@frontdesk audit me');
  await settled('C_DEV', ts);
  await slack.as('U_BEN').post('C_DEV', 'stop', { threadTs: ts });
  const file = join(config.stateDir, 'audit.jsonl');
  const read = async () =>
    (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
  await expect.poll(async () => (await read()).length).toBe(2);
  const target = `${slack.teamId}:C_DEV:${ts}`;
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  expect(await read()).toEqual([
    { time, person: 'U_ANNA', action: 'message', target, outcome: 'turn begun' },
    { time, person: 'U_BEN', action: 'message', target, outcome: 'nothing to do' },
  ]);
});
