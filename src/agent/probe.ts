import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import which from 'which';
import { err, ok } from '../domain/index.ts';
import type { AgentProgramName, Problem, Result } from '../domain/index.ts';
import { run } from '../process/index.ts';
import { agentName } from './choice.ts';
import type { AgentChoice } from './choice.ts';
import { oneLine } from './detail.ts';
import { claudeCredential, codexCredential, plainEnvironment } from './environment.ts';
import type { AgentRequest } from './request.ts';

/** What is known of an agent before it is asked to do anything. */
export interface AgentProbe {
  readonly agent: string;
  /** Absolute path. */
  readonly executable: string;
  /** As the program says it; null where there is no common way to ask. */
  readonly version: string | null;
  /** Name of the environment variable it will log in with, or null when it needs none. */
  readonly credential: string | null;
}

const PROBE_MS = 20_000;

/** What there is to say of a program that logs in to a model API. */
interface Known {
  /** The program, as a sentence calls it. */
  readonly title: string;
  readonly install: string;
  readonly credential: (environment: Environment) => string | null;
  /** How to get a credential that works with an empty HOME. */
  readonly login: string;
}

type Environment = AgentRequest['environment'];

const KNOWN: Readonly<Record<AgentProgramName, Known>> = {
  claude: {
    title: 'Claude Code',
    install: 'npm install -g @anthropic-ai/claude-code',
    credential: claudeCredential,
    login: 'Run `claude setup-token` and set CLAUDE_CODE_OAUTH_TOKEN, or set ANTHROPIC_API_KEY.',
  },
  codex: {
    title: 'Codex',
    install: 'npm install -g @openai/codex',
    // A gateway of one's own may need no key.
    credential: (from) =>
      codexCredential(from) ?? (from['OPENAI_BASE_URL'] ? 'OPENAI_BASE_URL' : null),
    login: 'Set OPENAI_API_KEY (or OPENAI_BASE_URL for a gateway that needs no key).',
  },
};

/** Whether an agent can be started here, with the remedy if it cannot. Runs at most its `--version`; calls no model. */
export function probe(
  choice: AgentChoice,
  environment: Environment,
): Promise<Result<AgentProbe, Problem>> {
  switch (choice.kind) {
    case 'command':
      return probeCommand(choice, environment);
    case 'scripted':
      return probeScripted(choice);
    default:
      return probeKnown(choice, environment);
  }
}

const find = (program: string, environment: Environment) =>
  which(program, { nothrow: true, path: environment['PATH'] ?? '' });

async function probeKnown(
  choice: Extract<AgentChoice, { kind: AgentProgramName }>,
  environment: Environment,
): Promise<Result<AgentProbe, Problem>> {
  const agent = agentName(choice);
  const known = KNOWN[choice.kind];
  const executable = await find(choice.kind, environment);
  if (executable === null) {
    return err({
      where: `agent ${agent}`,
      what: `The program \`${choice.kind}\` is not on the PATH.`,
      remedy: `Install it (${known.install}), or choose another agent with --agent.`,
    });
  }
  const version = await versionOf(executable, environment);
  if (!version.ok) {
    return err({
      where: executable,
      what: `\`${choice.kind} --version\` ${version.error}.`,
      remedy: `Reinstall ${known.title}; \`implement-factory doctor\` shows what is found.`,
    });
  }
  const credential = known.credential(environment);
  if (credential === null) {
    return err({
      where: `agent ${agent}`,
      what: 'No credential is in the environment, and a login is not copied into the fresh HOME that agents get.',
      remedy: known.login,
    });
  }
  return ok({ agent, executable, version: version.value, credential });
}

async function versionOf(
  executable: string,
  environment: Environment,
): Promise<Result<string, string>> {
  const home = await mkdtemp(join(tmpdir(), 'factory-probe-'));
  try {
    const exit = await run(
      {
        label: `${basename(executable)} --version`,
        command: [executable, '--version'],
        cwd: home,
        env: plainEnvironment({ environment, home }),
        limits: { wallMs: PROBE_MS },
      },
      { kind: 'none' },
    );
    return exit.cause === 'exited' && exit.code === 0
      ? ok(oneLine(exit.stdout))
      : err(oneLine(exit.summary));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function probeCommand(
  choice: Extract<AgentChoice, { kind: 'command' }>,
  environment: Environment,
): Promise<Result<AgentProbe, Problem>> {
  const [program] = choice.command;
  const executable = await find(program, environment);
  if (executable !== null) {
    return ok({ agent: agentName(choice), executable, version: null, credential: null });
  }
  return err({
    where: `agent ${agentName(choice)}`,
    what: `The program \`${oneLine(program)}\` is not there, or may not be executed.`,
    remedy: 'Give its absolute path or put it on the PATH, and make it executable (chmod +x).',
  });
}

async function probeScripted(
  choice: Extract<AgentChoice, { kind: 'scripted' }>,
): Promise<Result<AgentProbe, Problem>> {
  const folder = await stat(choice.dir).catch(() => null);
  if (folder?.isDirectory() === true) {
    return ok({ agent: 'scripted', executable: choice.node, version: null, credential: null });
  }
  return err({
    where: choice.dir,
    what: 'The folder of prepared files does not exist.',
    remedy: 'Name one that holds <unit>/code/<iteration>/ and <unit>/checks/.',
  });
}
