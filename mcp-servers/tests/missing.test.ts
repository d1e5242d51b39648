import { describe, expect, it } from 'vitest';
import type { RepositoryFacts } from './facts.ts';
import { findMissingIn } from './missing.ts';

const facts: RepositoryFacts = {
  folder: '/w/shop',
  files: ['shop/cart.py', 'tools.py', 'package.json'],
  package: { scripts: {}, dependencies: ['@scope/kit'], devDependencies: ['left-pad'] },
  texts: {},
  present: new Set(),
  yaml: { ok: true, settings: {} },
};

describe('what a failed run lacks', () => {
  it.each<[string, number, string | null]>([
    ['sh: 1: vitest: not found', 127, '`vitest` is not installed'],
    ['bash: line 1: pytest: command not found', 127, '`pytest` is not installed'],
    ['the shop: not found', 1, null],
    ['/usr/bin/python3: No module named pytest', 1, 'Python has no module `pytest`'],
    ["E   ModuleNotFoundError: No module named 'requests.auth'", 2, 'Python has no module `requests`'],
    ["ModuleNotFoundError: No module named 'shop.basket'", 2, null],
    ["ModuleNotFoundError: No module named 'tools'", 2, null],
    ["Cannot find package 'left-pad' imported from /w/a.js", 1, 'the package `left-pad` is not installed'],
    ["Cannot find module '@scope/kit/sub'", 1, 'the package `@scope/kit` is not installed'],
    ["Cannot find module 'undeclared'", 1, null],
    ["Cannot find module './nothere'", 1, null],
    [
      'a_test.go:3:8: no required module provides package github.com/x/y; to add it:',
      1,
      'Go modules are missing',
    ],
    ['[ERROR] Could not resolve dependencies for project x', 1, 'Maven could not get its dependencies'],
    ['AssertionError: 1 != 2', 1, null],
  ])('TE-2: %s', (output, exitCode, expected) => {
    expect(findMissingIn(`first line\n${output}\nlast line`, facts, exitCode)).toBe(expected);
  });
});
