import { assert, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildWorkspaceName,
  isSameTitle,
  isWorkspaceName,
  parseProjectName,
  parseWorkspaceName,
  slugify,
} from './names.ts';

const shop = { category: 'ai-dev', project: 'shop' };

describe('names', () => {
  it.each([
    ['Implement login API', 'ai-dev-shop-implement-login-api'],
    ['Ärger mit Größe & Façade', 'ai-dev-shop-arger-mit-gro-e-facade'],
    ['日本語', 'ai-dev-shop'],
    ['../../etc/passwd', 'ai-dev-shop-etc-passwd'],
    ['Add authentication to every public endpoint', 'ai-dev-shop-add-authentication-to-every'],
    ['x'.repeat(60), `ai-dev-shop-${'x'.repeat(28)}`],
  ])('WS-1: %j becomes %s', (title, name) => {
    expect(buildWorkspaceName(shop, title)).toBe(name);
  });

  it.each([
    ['Fix the login', 'fix the LOGIN!', true],
    ['Façade', 'Facade', true],
    ['Fix the login', 'Fix the logout', false],
    ['日本語', '中文', false],
    ['API 日本語', 'API 中文', false],
    ['कि', 'की', false],
    ['🚀', '🎉', false],
    ['🚀', ' 🚀 ', true],
  ])('WS-1: %j and %j are one task: %s', (one, other, same) => {
    expect(isSameTitle(one, other)).toBe(same);
  });

  it('WS-1: whatever the title and turn, the name is allowed', () => {
    assert(
      property(string({ unit: 'grapheme' }), integer({ min: 1, max: 50 }), (title, turn) => {
        const name = buildWorkspaceName(shop, title, turn);
        expect(isWorkspaceName(name)).toBe(true);
        expect(name.startsWith('ai-dev-shop')).toBe(true);
        expect(turn === 1 || name.endsWith(`-${turn}`)).toBe(true);
      }),
    );
  });

  it('WS-1: a project that leaves no room is refused; one that leaves little gets what fits', () => {
    const long = { category: 'a'.repeat(20), project: 'b'.repeat(20) };
    expect(() => buildWorkspaceName(long, 'x')).toThrow('at most 40 characters');
    expect(
      buildWorkspaceName({ category: 'a'.repeat(20), project: 'b'.repeat(17) }, 'title', 1),
    ).toHaveLength(40);
    expect(
      buildWorkspaceName({ category: 'a'.repeat(20), project: 'b'.repeat(19) }, 'title', 1),
    ).toHaveLength(40);
  });

  it('WS-1: projects are category/project', () => {
    expect(parseProjectName(' ai-dev/shop ')).toEqual(shop);
    for (const wrong of ['shop', 'a/b/c', '/b', 'a/', 'A/b', 'a/b b', '../b', 'a/-b']) {
      expect(() => parseProjectName(wrong)).toThrow(`"${wrong}" is no project`);
    }
  });

  it('WS-1: a refusal repeats no more than a line of what was given', () => {
    expect(() => parseWorkspaceName('x'.repeat(5000))).toThrow(/"x{60}…"/);
    expect(slugify('--a--b--')).toBe('a-b');
  });
});
