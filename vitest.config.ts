import { defineConfig } from 'vitest/config';

/**
 * No test waits for a time, only for a condition, so that a deadline costs nothing until something is wrong: these are
 * such as a machine ten times as busy as CI's keeps.
 * unit: pure rules and single rooms, no OpenCode, well under a minute (part of `npm run check`).
 * slack-server: our Slack server, driven by real Bolt and WebClient.
 * playground: the page, in headless Chromium, on the real stack.
 * e2e: the whole service on real OpenCode. chaos: kill -9 and cut lines, in child processes.
 */
const project = (name: string, include: string[], options: Record<string, unknown> = {}) => ({
  test: {
    name,
    include,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Vitest's own is one second.
    expect: { poll: { timeout: 120_000 } },
    ...options,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', [
        'frontdesk/**/*.test.ts',
        'watcher/**/*.test.ts',
        'mcp-servers/**/*.test.ts',
        'agents/**/*.test.ts',
        'test/unit/**/*.test.ts',
        'test/model/**/*.test.ts',
        'test/try/**/*.test.ts',
      ]),
      project('slack-server', ['test/slack/**/*.test.ts']),
      project('playground', ['test/playground/**/*.test.ts'], {
        testTimeout: 600_000,
        globalSetup: ['test/playground/e2e/setup.ts'],
      }),
      project('e2e', ['test/e2e/**/*.test.ts'], { testTimeout: 600_000 }),
      project('chaos', ['test/chaos/**/*.test.ts'], { testTimeout: 900_000 }),
    ],
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: 'coverage/results.json' }]],
    coverage: {
      provider: 'v8',
      include: ['mcp-servers/**/*.ts', 'frontdesk/**/*.ts', 'watcher/**/*.ts'],
      exclude: ['**/*.test.ts', '**/main.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { statements: 80, lines: 80 },
    },
  },
});
