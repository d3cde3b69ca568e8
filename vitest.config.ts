import { defineConfig } from 'vitest/config';
import LongestFirst from './test/rig/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/agents/**'],
    globalSetup: ['test/rig/build.ts', 'test/rig/scratch.ts'],
    // No test changes what others import: a worker keeps it from file to file, which saves each a second.
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Real processes on a crowded machine: once more in CI, where vitest reports what needed it as flaky.
    retry: process.env['CI'] === undefined ? 0 : 1,
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});
