import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { parseAgent, runAgent } from '../../src/agent/index.ts';
import type { AgentChoice, AgentRequest } from '../../src/agent/index.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/agent/${name}`, import.meta.url));

export const FAKE_AGENT = fixture('fake-agent.mjs');

/** A JSON Schema like the one of the check author. */
export const CHECKS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { checks: { type: 'array', items: { type: 'string' } } },
  required: ['checks'],
  additionalProperties: false,
};

/** A choice from its flag value, which must be a good one. */
export function choice(text: string, base = tmpdir()): AgentChoice {
  const parsed = parseAgent(text, { base, node: process.execPath });
  if (!parsed.ok) throw new Error(parsed.error.what);
  return parsed.value;
}

/** The stand-in agent, in the scene named. */
export const fakeAgent = (scene: string) => choice(`command:'${FAKE_AGENT}' ${scene}`);

export interface Desk {
  readonly dir: string;
  readonly cwd: string;
  readonly request: (more?: Partial<AgentRequest>) => AgentRequest;
  readonly transcript: () => Promise<string>;
}

/** A temporary directory with workspace, HOME, run folder and a fake `claude` and `codex` on the PATH; gone when the test ends. */
export async function desk(): Promise<Desk> {
  const dir = await mkdtemp(join(tmpdir(), 'agent desk é-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const at = (name: string) => join(dir, name);
  for (const name of ['work', 'bin']) mkdirSync(at(name));
  for (const name of ['claude', 'codex'])
    symlinkSync(fixture(`fake-${name}.mjs`), at(`bin/${name}`));
  const transcriptFile = at('run/transcripts/api.1.log');
  return {
    dir,
    cwd: at('work'),
    request: (more = {}) => ({
      role: 'coder',
      briefing: briefing('Build it.'),
      unit: 'api',
      iteration: 1,
      cwd: at('work'),
      home: at('home'),
      transcriptFile,
      runDir: at('run'),
      caps: { idleMs: 30_000, wallMs: 60_000, turns: 7, costUsd: 1.5, lingerMs: 50 },
      environment: {
        PATH: `${at('bin')}:${process.env['PATH']}`,
        HOME: '/home/somebody',
        CLAUDECODE: '1',
        CLAUDE_CODE_ENTRYPOINT: 'cli',
        ANTHROPIC_API_KEY: 'sk-12345678',
        OPENAI_API_KEY: 'sk-87654321',
        SOMETHING_ELSE: 'x',
      },
      sandbox: { kind: 'none' },
      view: { write: [at('work'), at('home')] },
      ...more,
    }),
    transcript: () => readFile(transcriptFile, 'utf8'),
  };
}

/** Runs a fake of this agent, at a desk of its own, in the scene named. */
export const player =
  (agent: string) =>
  async (scene: string, more: Partial<AgentRequest> = {}) => {
    const { request } = await desk();
    return runAgent(choice(agent), request({ briefing: briefing(scene), ...more }), calm);
  };

/** What makes a request one to a check author. */
export const author = { role: 'author', schema: CHECKS_SCHEMA } as const;

/** A briefing in the tests' own words; the product has them only from the barrier. */
export const briefing = (prompt: string) => ({ prompt }) as unknown as AgentRequest['briefing'];

/** Never aborted. */
export const calm = new AbortController().signal;
