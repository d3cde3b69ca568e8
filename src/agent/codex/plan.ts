import { join } from 'node:path';
import { OUTPUT_LIMITS } from '../adapter.ts';
import type { AgentPlan } from '../adapter.ts';
import { codexEnvironment } from '../environment.ts';
import type { AgentRequest, JsonSchema } from '../request.ts';
import { codexConfig, worksOnFiles } from './config.ts';

const SCHEMA = 'answer.schema.json';

/** A hermetic headless `codex`. It knows no cap of turns or of cost: time and silence are what bounds it. */
export const planCodex = (request: AgentRequest, model: string | null): AgentPlan => ({
  argv: [
    'codex',
    'exec',
    '--json',
    '--ephemeral',
    '--ignore-rules',
    '--skip-git-repo-check',
    '--sandbox',
    ownSandbox(request),
    ...(model === null ? [] : ['--model', model]),
    ...(request.schema === undefined ? [] : ['--output-schema', join(request.home, SCHEMA)]),
    '-',
  ],
  // Its helpers and scratch files would else lie in the temp directory that all share; and with its home below that, its own sandbox does not start.
  env: codexEnvironment(request, { TMPDIR: join(request.home, 'tmp') }),
  stdin: request.briefing.prompt,
  homeFiles: [
    { path: '.codex/config.toml', content: codexConfig(request) },
    { path: 'tmp/.keep', content: '' },
    ...(request.schema === undefined
      ? []
      : [{ path: SCHEMA, content: schemaText(request.schema) }]),
  ],
  ...OUTPUT_LIMITS,
  // Every file it reads in a long run is quoted in what it prints.
  floodBytes: 256 * 1024 * 1024,
});

/** One sandbox in another does not start; without ours, its own is better than none. */
function ownSandbox({ role, sandbox }: AgentRequest): string {
  if (!worksOnFiles(role)) return 'read-only';
  return sandbox.kind === 'none' ? 'workspace-write' : 'danger-full-access';
}

const schemaText = (schema: JsonSchema) => JSON.stringify({ ...schema, $schema: undefined });
