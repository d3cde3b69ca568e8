import { z } from 'zod';
import { UnitPhase } from './phase.ts';
import type { RunState, UnitRecord } from '../domain/index.ts';
import {
  Decision,
  ManifestStatus,
  plannedUnit,
  Priority,
  Question,
  ScenarioOutcome,
} from '../domain/index.ts';
import { Barrier } from '../domain/index.ts';
import { askedQuestions, waitingQuestion } from './answered.ts';
import { isFlaky, trialsOf } from './flakiness.ts';
import { isUnrecorded, iterationOf, sealedOf, satisfactionOf } from './judgement.ts';
import type { RunView } from './run-view.ts';

/** What `status --json` prints. */
export const StatusJson = z.object({
  spec: z.string(),
  title: z.string(),
  status: ManifestStatus,
  threshold: z.number(),
  maxIterations: z.int(),
  /** The run branch; null before the first run. */
  branch: z.string().nullable(),
  /** The group at work; null between groups and when nothing runs. */
  group: z.int().nullable(),
  /** The first question that waits for a person; null also when every one of them has its answer. */
  question: Question.nullable(),
  /** Open questions whose answer waits to be taken: by the run that goes on, or by the next one. */
  answered: z.array(Question.extend({ decision: Decision })),
  /** How the barrier was held up, at its weakest; null before the first run. */
  barrier: Barrier.nullable(),
  /** Why the run is invalid; left out when the barrier held. */
  tripped: z
    .object({ what: z.string(), where: z.string(), unit: z.string().nullable() })
    .optional(),
  units: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: UnitPhase,
      /** Code run within the current count; 0 before the first. */
      iteration: z.int().nonnegative(),
      /** passed / total of the last measurement; null before the first. */
      satisfaction: z.number().nullable(),
      /** Outcome null before the first measurement. */
      scenarios: z.array(
        z.object({
          name: z.string(),
          outcome: ScenarioOutcome.nullable(),
          priority: Priority,
          /** Measured at the end only, and never fed back. */
          sealed: z.boolean(),
          /** Of its last measurement; null before, and where no attempt could tell. */
          attempts: z
            .object({ passed: z.int().nonnegative(), total: z.int().positive() })
            .nullable(),
          /** It passed and failed on one and the same product. */
          flaky: z.boolean(),
        }),
      ),
      /** passed / total of the sealed scenarios; null before the end, and where there are none. */
      sealed: z.number().nullable(),
      symptoms: z.array(z.string()),
      /** USD in this run; null when the cost of any agent run is unknown, as where work is here and no journal of it. */
      costUsd: z.number().nullable(),
    }),
  ),
});
export type StatusJson = z.infer<typeof StatusJson>;

export function statusJson(view: RunView): StatusJson {
  const { state, chronicle } = view;
  const { plan } = state;
  return {
    spec: plan.spec,
    title: plan.title,
    status: state.manifest.status,
    threshold: plan.threshold,
    maxIterations: plan.maxIterations,
    branch: state.branch === '' ? null : state.branch,
    group: state.group?.number ?? null,
    question: waitingQuestion(view),
    answered: askedQuestions(view).flatMap(({ question, answer }) =>
      answer === null ? [] : [{ ...question, decision: answer }],
    ),
    barrier: chronicle.barrier,
    ...trippedOf(state),
    units: state.units.map((record, position) => ({
      id: record.id,
      title: plan.units[position]?.title ?? record.id,
      status: record.state.phase,
      iteration: iterationOf(record, chronicle),
      satisfaction: satisfactionOf(record),
      scenarios: outcomes(record, state),
      sealed: sealedOf(record, state),
      symptoms: [...record.symptoms],
      costUsd:
        record.spend.unknownRuns > 0 || isUnrecorded(view) ? null : microdollars(record.spend.usd),
    })),
  };
}

const trippedOf = ({ halt }: RunState): Pick<StatusJson, 'tripped'> =>
  halt?.kind === 'tripped'
    ? { tripped: { what: halt.what, where: halt.where, unit: halt.unit } }
    : {};

/** Without the dust that adding binary fractions leaves. */
const microdollars = (usd: number): number => Math.round(usd * 1e6) / 1e6;

function outcomes(record: UnitRecord, state: RunState): StatusJson['units'][number]['scenarios'] {
  const results = [...record.scenarios, ...(state.sealed[record.id] ?? [])];
  const resultOf = new Map(results.map((result) => [result.name, result]));
  return plannedUnit(state, record.id).scenarios.map(({ name, priority, sealed }) => {
    const result = resultOf.get(name);
    const trials = trialsOf(result === undefined ? [] : [result]);
    return {
      name,
      outcome: result?.outcome ?? null,
      priority,
      sealed,
      attempts: trials.total === 0 ? null : trials,
      flaky: result !== undefined && isFlaky(result),
    };
  });
}
