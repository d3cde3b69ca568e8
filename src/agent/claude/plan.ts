import { join } from 'node:path';
import { OUTPUT_LIMITS } from '../adapter.ts';
import type { AgentPlan } from '../adapter.ts';
import { claudeEnvironment } from '../environment.ts';
import type { AgentRequest, AgentRole, JsonSchema } from '../request.ts';

/** The check author gets text in and gives checks out: with no tool at all it is source-blind on every system. */
const TOOLS: Record<AgentRole, readonly string[]> = {
  coder: ['Bash', 'Read', 'Edit', 'Write', 'Grep', 'Glob'],
  evaluator: ['Bash', 'Read', 'Edit', 'Write', 'Grep', 'Glob'],
  author: [],
  judge: [],
};

/** Headless, and nothing is read but what is handed over: no settings, hooks, plugins, servers, skills, memory or session. */
const HERMETIC = [
  '-p',
  '--output-format',
  'stream-json',
  '--verbose',
  '--no-session-persistence',
  '--setting-sources',
  '',
  '--strict-mcp-config',
  '--disable-slash-commands',
  // bypassPermissions refuses to run as root, and would let the file tools leave the workspace.
  '--permission-mode',
  'acceptEdits',
];

const SWITCHES = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
  CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
  // Otherwise branch, status and last commits of a repository around the directory are in the system prompt.
  CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS: '1',
};

/** A hermetic headless `claude`; `model` null takes the account's default. */
export const planClaude = (request: AgentRequest, model: string | null): AgentPlan => ({
  argv: [
    'claude',
    ...HERMETIC,
    ...toolFlags(TOOLS[request.role]),
    ...flag('--model', model),
    ...flag('--max-turns', request.caps.turns),
    ...flag('--max-budget-usd', request.caps.costUsd),
    ...flag('--json-schema', request.schema === undefined ? null : schemaText(request.schema)),
    ...flag('--append-system-prompt-file', instructions(request)),
  ],
  env: claudeEnvironment(request, {
    ...SWITCHES,
    // Its sockets and scratch files would else stay in the temp directory that all agents share.
    CLAUDE_CODE_TMPDIR: join(request.home, 'tmp'),
  }),
  stdin: request.briefing.prompt,
  homeFiles: [],
  ...OUTPUT_LIMITS,
  // Every file it reads in a long run is quoted in what it prints.
  floodBytes: 256 * 1024 * 1024,
});

const flag = (name: string, value: string | number | null) =>
  value === null ? [] : [name, String(value)];

const toolFlags = (tools: readonly string[]) => [
  '--tools',
  tools.join(','),
  ...(tools.includes('Bash') ? ['--allowedTools', 'Bash'] : []),
];

const instructions = ({ role, instructionsFile }: AgentRequest) =>
  role === 'coder' ? (instructionsFile ?? null) : null;

/** With `$schema` in it the program ignores the whole schema without a word. */
const schemaText = (schema: JsonSchema) => JSON.stringify({ ...schema, $schema: undefined });
