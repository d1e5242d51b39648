import { anna, clickButton, createWorkWorld, thread } from './work-world.ts';

let requests = 0;
const by = (ref: ReturnType<typeof thread>) => ({
  person: anna,
  ref,
  requestId: `running-${(requests += 1)}`,
});

/** A world with running sessions, one a title, each in the thread of its index. */
export async function createRunningWorld(
  titles = ['Implement CSV export'],
  options: Parameters<typeof createWorkWorld>[0] = {},
) {
  const world = createWorkWorld(options);
  const life = world.live();
  const names: string[] = [];
  for (const [index, title] of titles.entries()) {
    const at = thread(`${index + 1}.0`);
    await life.work.propose(by(at), { project: 'domain-apis', title, description: '', priority: 'normal' });
    await clickButton(world, life.work, { ref: at, label: 'Start' });
    await world.until(() => life.work.busy === 0, title);
    names.push([...world.infos.keys()].at(-1) ?? '');
  }
  const [name = ''] = names;
  const id = world.state(name)?.session?.id ?? '';
  const status = () => world.state(name)?.session?.status;
  return { world, life, work: life.work, names, name, id, status };
}
