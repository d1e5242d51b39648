import { describe, expect, it } from 'vitest';
import { type Ask, permissionSchema, questionSchema } from '../../mcp-servers/kit/asks.ts';
import { newAsk } from './book.ts';
import { briefOf } from './brief.ts';

const source = { kind: 'desk', sessionId: 'ses_1' } as const;
const ask = (body: Ask['body']) =>
  newAsk({ id: 'ask_1', source, workspace: null, card: null, body, askedAt: 0 });
const asks = (...questions: object[]) =>
  ask({ kind: 'question', questions: questions.map((each) => questionSchema.parse(each)) });
const wants = (request: object) =>
  ask({
    kind: 'permission',
    request: permissionSchema.parse({ permission: 'bash', detailKind: 'command', ...request }),
  });
const style = { question: 'Which style?', options: [{ label: 'REST (Recommended)' }, { label: 'gRPC' }] };
const seen = (of: Ask) => {
  const { text, buttons } = briefOf(of);
  return [text, ...buttons.map(({ action, label }) => `${action} [${label}]`)];
};

describe('an ask in one line', () => {
  it('IN-10: what can be read whole has the buttons of its card', () => {
    expect(seen(asks(style))).toEqual([
      '❓ Which style?',
      'ask.choose.0 [⭐ REST]',
      'ask.choose.1 [gRPC]',
      'ask.form [Other answer…]',
    ]);
    expect(seen(wants({ detail: 'rm -rf build', patterns: ['rm *'] }))).toEqual([
      '🔐 run a command: rm -rf build',
      'ask.once [Allow once]',
      'ask.session [Allow for session]',
      'ask.deny [Deny]',
    ]);
  });

  it.each([
    ['a long command', wants({ detail: `echo ${'x'.repeat(200)}` })],
    ['a command of several lines', wants({ detail: 'echo a\nrm -rf /' })],
    ['a command with a gap that one line would close', wants({ detail: 'rm -rf / tmp   /x' })],
    [
      'a path with other patterns',
      wants({ permission: 'external_directory', detail: '/a', patterns: ['/b/*'], detailKind: 'path' }),
    ],
  ])('AS-1: %s is decided in the form only, which shows all of it', (_, long) => {
    expect(seen(long).slice(1)).toEqual(['ask.form [Look and decide…]']);
  });

  it.each([
    ['several questions', asks(style, style)],
    ['a long question', asks({ ...style, question: 'Which? '.repeat(50) })],
    ['several choices', asks({ ...style, multiple: true })],
  ])('AS-1: %s are answered in the form', (_, long) => {
    expect(seen(long).slice(1)).toEqual(['ask.form [Answer…]']);
  });
});
