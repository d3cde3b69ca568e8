import { lchown, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { AgentReport, Result } from '../domain/index.ts';
import { spawn } from '../process/index.ts';
import type { Exit } from '../process/index.ts';
import type { Adapter, AgentEvent, AgentPlan, Finish } from './adapter.ts';
import { adapterFor } from './adapters.ts';
import { agentName } from './choice.ts';
import type { AgentChoice } from './choice.ts';
import { oneLine } from './detail.ts';
import { redactor } from './redact.ts';
import type { AgentFailure, AgentRequest, AgentRun } from './request.ts';
import { fits } from './schema.ts';
import { stirring } from './stirring.ts';
import { openTranscript } from './transcript.ts';
import type { Transcript } from './transcript.ts';

const LINGER_MS = 10_000;

/**
 * Runs an agent to its end. A value of `ok` is work to judge: it ended by itself, or it is a coder at a cap of its own. Everything
 * else is an error of infrastructure, with what it consumed.
 */
export async function runAgent(
  choice: AgentChoice,
  request: AgentRequest,
  signal: AbortSignal,
): Promise<Result<AgentRun, AgentFailure>> {
  const adapter = adapterFor(choice);
  const plan = adapter.plan(request);
  const ready = await prepare(plan, request);
  if (!ready.ok) return err({ detail: `${label(request)} has no place to work: ${ready.error}` });

  const redact = redactor(plan.env, request.secrets);
  const transcript = openTranscript(request.transcriptFile, redact);
  const { exit, events } = await execute(adapter, plan, { request, signal, transcript });
  const written = await transcript.close();

  const finish = checked(adapter.finish(exit, events, request), request);
  const report: AgentReport = {
    agent: agentName(choice),
    outcome: finish.outcome,
    usage: finish.usage,
    ms: exit.ms,
    transcript: relative(request.runDir, request.transcriptFile).split(sep).join('/'),
    ...(finish.limited !== undefined && { limited: finish.limited }),
    ...(finish.outcome === 'killed' && isStuck(exit.cause) && { stuck: exit.cause }),
  };
  const failure = (detail: string) =>
    err({
      detail: `${label(request)} (${report.agent}): ${redact(detail)} (transcript: ${report.transcript})`,
      agent: report,
      ...(finish.outcome === 'bad_schema' && { answer: finish.output ?? finish.text }),
    });
  if (!written.ok) return failure(`its transcript could not be written: ${written.error}`);
  if (!isWork(finish, request)) return failure(finish.detail);
  return ok({
    report,
    output: finish.output ?? null,
    text: finish.text === null ? null : redact(finish.text),
  });
}

const isStuck = (cause: Exit['cause']): cause is 'idle' | 'wall' =>
  cause === 'idle' || cause === 'wall';

/** A coder at its cap leaves work behind; an author or evaluator without its answer leaves nothing. */
const isWork = ({ outcome }: Finish, { role }: AgentRequest) =>
  outcome === 'ok' || (outcome === 'limit' && role === 'coder');

function label({ role, unit, iteration }: AgentRequest): string {
  switch (role) {
    case 'coder':
      return `code agent for ${unit}, run ${iteration}`;
    case 'author':
      return `check author for ${unit}`;
    case 'judge':
      return 'judge of CONSTITUTION.md';
    case 'evaluator':
      return `evaluation agent for ${unit}, run ${iteration}`;
  }
}

async function prepare(plan: AgentPlan, request: AgentRequest): Promise<Result<void, string>> {
  try {
    await mkdir(dirname(request.transcriptFile), { recursive: true });
    await mkdir(request.home, { recursive: true, mode: 0o700 });
    for (const { path, content } of plan.homeFiles) {
      const file = join(request.home, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await giveAway(file, request);
    }
    return ok(undefined);
  } catch (error) {
    return err(oneLine(error instanceof Error ? error.message : String(error)));
  }
}

/** A file in the home, and the folders that lead to it, belong to whoever the agent is inside: its program writes beside them. */
async function giveAway(file: string, { home, sandbox }: AgentRequest): Promise<void> {
  if (sandbox.kind === 'none' || sandbox.owner === undefined) return;
  const { uid, gid } = sandbox.owner;
  for (let path = file; path !== dirname(home); path = dirname(path)) await lchown(path, uid, gid);
}

interface Execution {
  readonly request: AgentRequest;
  readonly signal: AbortSignal;
  readonly transcript: Transcript;
}

async function execute(
  adapter: Adapter,
  plan: AgentPlan,
  { request, signal, transcript }: Execution,
): Promise<{ exit: Exit; events: readonly AgentEvent[] }> {
  const events: AgentEvent[] = [];
  const { idleMs, wallMs, lingerMs = LINGER_MS } = request.caps;
  let linger: NodeJS.Timeout | undefined;
  const onLine = (stream: 'stdout' | 'stderr', line: string) => {
    transcript.write(stream, line);
    if (stream === 'stderr') return;
    const event = adapter.parse(line);
    if (event.kind !== 'other') events.push(event);
    // Shells the agent left behind can keep it from exiting; after its result nobody waits for them.
    if (event.kind === 'result') linger ??= setTimeout(() => void running.stop(), lingerMs);
  };
  const running = spawn(
    {
      label: label(request),
      command: commandOf(plan, request),
      cwd: request.cwd,
      env: plan.env,
      stdin: plan.stdin,
      view: request.view,
      sweep: true,
      ...(request.marker !== undefined && { marker: request.marker }),
      limits: { idleMs, wallMs, floodBytes: plan.floodBytes, keepBytes: plan.keepBytes },
    },
    request.sandbox,
    { signal, onLine, stirs: stirring(foldersOf(request), request.transcriptFile) },
  );
  const exit = await running.ended;
  clearTimeout(linger);
  return { exit, events };
}

/** Where what it writes is to be seen from outside. */
const foldersOf = ({ cwd, view: { overlay } }: AgentRequest): readonly string[] =>
  overlay === undefined ? [cwd] : [overlay.upper];

/** A sandbox shows a program by its own path only. */
function commandOf({ argv: [name, ...args] }: AgentPlan, { program }: AgentRequest) {
  return [program ?? name, ...args] as const;
}

/** The program may have checked its answer against the schema, or silently not. */
function checked(finish: Finish, { schema }: AgentRequest): Finish {
  if (finish.outcome !== 'ok' || schema === undefined) return finish;
  const answer = fits(schema, finish.output);
  if (answer.ok) return { ...finish, output: answer.value };
  return { ...finish, outcome: 'bad_schema', detail: `its answer is not usable: ${answer.error}` };
}
