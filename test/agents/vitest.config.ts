import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests that need the agent CLIs pinned here: `npm run test:agents`. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/agents/*.test.ts'],
    globalSetup: ['test/rig/build.ts', 'test/rig/scratch.ts'],
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
