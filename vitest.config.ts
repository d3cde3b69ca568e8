import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Kills take minutes: `npm run test:crash`.
    exclude: ['test/agents/**', ...(process.env['CRASH'] === undefined ? ['test/crash/**'] : [])],
    globalSetup: ['test/rig/build.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 3,
    // Real processes on a crowded machine: once more in CI, where vitest reports what needed it as flaky.
    retry: process.env['CI'] === undefined ? 0 : 1,
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});
