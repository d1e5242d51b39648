import { useActions, useAppState } from '../store.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';

/** What each of the workspace's people is there to show. */
const roles: Readonly<Record<string, string>> = {
  U_ANNA: 'on the allowlist',
  U_BEN: 'teammate, on the allowlist',
  U_STRANGER: 'not on the allowlist',
};

/** Said as long as one is somebody the app does not serve: its silence is what is to be seen. */
export function StrangerBanner() {
  const person = useAppState((state) => state.route.person);
  if (person !== 'U_STRANGER') return null;
  return (
    <aside className="banner" aria-label="Who you are">
      You are not on the allowlist: the app meets you with silence.
    </aside>
  );
}

/** Who one is in this tab. Other tabs can be somebody else. */
export function PersonSwitcher() {
  const { go } = useActions();
  const person = useAppState((state) => state.route.person);
  const people = useAppState((state) => state.world?.people) ?? [];
  const me = people.find(({ id }) => id === person);
  const name = me?.real_name ?? '';
  return (
    <Menu
      label={`You are ${name}${roles[person] ? `, ${roles[person]}` : ''}. Change person`}
      className="person-button"
      items={people
        .filter(({ is_bot }) => !is_bot)
        .map(({ id, real_name }) => ({
          key: id,
          label: (
            <>
              <Avatar id={id} name={real_name} small /> {real_name} {id === person && '✓'}
              <small>{roles[id]}</small>
            </>
          ),
          onChoose: () => go({ person: id }),
        }))}
    >
      <Avatar id={person} name={name} small />
      <span className="wide-label">{name}</span>
      <Icon name="down" />
    </Menu>
  );
}
