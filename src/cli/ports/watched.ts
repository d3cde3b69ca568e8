import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { auditWork, lookThrough, type Repository, type Watch } from '../../barrier/index.ts';
import {
  err,
  ok,
  type AgentReport,
  type Breach,
  type CodeTask,
  type Infra,
  type Overlap,
  type Result,
  type UnitId,
} from '../../domain/index.ts';
import type { Ports } from '../../orchestrator/index.ts';
import type { Guard } from './guard.ts';
import { infra } from './infra.ts';

export interface Watching {
  readonly repo: Repository;
  readonly runDir: string;
  readonly guard: Guard;
}

/** The same ports; what comes out of agents, and what goes back to them, is looked through for what must not be there. */
export function watched(ports: Ports, of: Watching): Ports {
  const { coder, lander, service, evaluator, gate } = ports;
  const lines = <T>(
    unit: UnitId | null,
    told: Promise<Result<T, Infra>>,
    symptoms: (value: T) => readonly string[],
  ) => checkLines({ of, unit }, told, symptoms);
  return {
    ...ports,
    coder: { code: async (task, signal) => checkCode(of, task, await coder.code(task, signal)) },
    lander: {
      land: (task) =>
        lines(task.unit, lander.land(task), (landing) =>
          landing.kind === 'refused' ? landing.symptoms : [],
        ),
    },
    service: {
      ready: (task, signal) =>
        lines(null, service.ready(task, signal), (answer) =>
          answer.kind === 'failed' ? [answer.symptom] : [],
        ),
      stop: () => service.stop(),
    },
    evaluator: {
      evaluate: (task, signal) =>
        lines(task.unit, evaluator.evaluate(task, signal), ({ symptoms }) => symptoms),
    },
    gate: {
      run: (task, signal) =>
        lines(null, gate.run(task, signal), ({ blamed }) => blamed.map(({ symptom }) => symptom)),
    },
  };
}

const breached = (breach: Breach, agent?: AgentReport): Result<never, Infra> =>
  err({ detail: breach.what, breach, ...(agent !== undefined && { agent }) });

/** Symptoms go to an agent next: the last look before that. */
async function checkLines<T>(
  { of, unit }: { of: Watching; unit: UnitId | null },
  told: Promise<Result<T, Infra>>,
  symptoms: (value: T) => readonly string[],
): Promise<Result<T, Infra>> {
  const result = await told;
  if (!result.ok) return result;
  const said = symptoms(result.value);
  if (said.length === 0) return result;
  const watch = await of.guard.watch(unit, []);
  if (!watch.ok) return infra(watch.error);
  const found = watch.value.look(said.join('\n'));
  return found === null
    ? result
    : breached({ what: `${found.what} in feedback`, where: `symptoms for ${unit ?? 'a group'}` });
}

type Coded = Awaited<ReturnType<Ports['coder']['code']>>;

/** An agent's transcript first, whatever became of its work; then the work. */
async function checkCode(of: Watching, task: CodeTask, coded: Coded): Promise<Coded> {
  const report = coded.ok ? coded.value.agent : coded.error.agent;
  if (report === undefined) return coded;
  const { symptoms, guidance } = task.feedback;
  const told = [...symptoms, ...(guidance === null ? [] : [guidance])];
  const watch = await of.guard.watch(task.unit, told);
  if (!watch.ok) return infra(watch.error);
  const leak = await inTranscript(of, report, watch.value);
  if (leak !== null) return breached(leak, report);
  if (!coded.ok) return coded;
  const work = await checkWork(of, { task, commit: coded.value.commit, told, watch: watch.value });
  if (!work.ok) return { ok: false, error: { ...work.error, agent: report } };
  return ok({ ...coded.value, overlaps: work.value });
}

async function inTranscript(
  { runDir }: Watching,
  { transcript }: AgentReport,
  watch: Watch,
): Promise<Breach | null> {
  const file = join(runDir, transcript);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const found = await lookThrough(file, watch);
  return found === null
    ? null
    : {
        what: `${found.what} in a code agent's transcript`,
        where: `${transcript}, ${found.where}`,
      };
}

async function checkWork(
  { repo, guard }: Watching,
  {
    task,
    commit,
    told,
    watch,
  }: { task: CodeTask; commit: string; told: readonly string[]; watch: Watch },
): Promise<Result<readonly Overlap[], Infra>> {
  const [blobs, secrets] = await Promise.all([guard.holdouts(), guard.secrets()]);
  if (!blobs.ok) return infra(blobs.error);
  const audited = await auditWork(repo, commit, {
    watch,
    blobs: blobs.value,
    holdouts: secrets.holdouts,
    own: [...told, secrets.own(task.unit)].join('\n'),
  });
  if (!audited.ok) return infra(audited.error);
  const { breach, overlaps } = audited.value;
  return breach === null
    ? ok(overlaps)
    : breached({ what: `${breach.what} in a code agent's work`, where: breach.where });
}
