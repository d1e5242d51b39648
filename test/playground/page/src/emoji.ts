import { get, search } from 'node-emoji';

/** What Slack calls otherwise than the table of node-emoji. */
const aliases: Readonly<Record<string, string>> = {
  thumbsup: '👍',
  thumbsdown: '👎',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  thinking_face: '🤔',
  octagonal_sign: '🛑',
  stop_button: '⏹️',
  robot_face: '🤖',
  hourglass_flowing_sand: '⏳',
};

/** @returns the character for `eyes`; `:name:` for one that is not known */
export function emojiOf(name: string): string {
  const [base = ''] = name.split('::');
  return aliases[base] ?? get(base) ?? `:${name}:`;
}

/** Offered first when reacting. */
export const commonEmoji = [
  'eyes',
  'white_check_mark',
  '+1',
  'tada',
  'heart',
  'joy',
  'thinking_face',
  'pray',
  'rocket',
  'fire',
  'warning',
  'x',
  'octagonal_sign',
  'bulb',
  'bug',
  'wave',
] as const;

/** @returns names for a part of one, the shortest first */
export function findEmoji(part: string, limit: number): string[] {
  const wanted = part.toLowerCase();
  const known = [
    ...Object.keys(aliases).filter((name) => name.includes(wanted)),
    ...search(wanted).map(({ name }) => name),
  ];
  return [...new Set(known)].sort((one, other) => one.length - other.length).slice(0, limit);
}
