import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AgentRequest } from '../../src/agent/index.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const { dependencies } = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(here('package.json'), 'utf8')));

/** A real Claude Code. */
export interface Claude {
  readonly version: string;
  readonly binary: string;
}

/** Those that package.json pins, oldest first. */
export const CLAUDES: readonly Claude[] = Object.entries(dependencies)
  .filter(([alias]) => alias.startsWith('claude-'))
  .map(([alias, pin]) => ({
    version: pin.replace(/^.*@/, ''),
    binary: here(`node_modules/${alias}/bin/claude.exe`),
  }))
  .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));

/** An environment in which `claude` is that binary, found in `bin`, and its model is the server at `url`. */
export function environmentOf(
  { binary }: Claude,
  { bin, url }: { readonly bin: string; readonly url: string },
): AgentRequest['environment'] {
  symlinkSync(binary, join(bin, 'claude'));
  return {
    PATH: `${bin}:${process.env['PATH']}`,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'sk-test-not-real',
    CLAUDE_CODE_MAX_RETRIES: '0',
  };
}
