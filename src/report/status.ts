import { z } from 'zod';
import type { Plan, RunState, UnitRecord } from '../domain/index.ts';
import {
  Barrier,
  evolve,
  ManifestStatus,
  openQuestions,
  plannedUnit,
  Priority,
  Question,
  ScenarioOutcome,
  tally,
} from '../domain/index.ts';
import { activity } from './activity.ts';
import { barrierLine, waysOut } from './barrier.ts';
import type { Chronicle } from './chronicle.ts';
import { blank } from './chronicle.ts';
import {
  answersTo,
  failsMust,
  iterationOf,
  sealedOf,
  satisfactionOf,
  titleOf,
} from './judgement.ts';
import { aligned, cut } from './table.ts';
import { cost, elapsed, oneLine, percent, total } from './words.ts';

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
  /** The first question that waits for a person. */
  question: Question.nullable(),
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
      status: z.enum([
        'pending',
        'coding',
        'coded',
        'landed',
        'evaluating',
        'doubted',
        'passed',
        'gate',
        'completed',
        'escalated',
        'skipped',
      ]),
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
        }),
      ),
      /** passed / total of the sealed scenarios; null before the end, and where there are none. */
      sealed: z.number().nullable(),
      symptoms: z.array(z.string()),
      /** USD in this run; null when the cost of any agent run is unknown. */
      costUsd: z.number().nullable(),
    }),
  ),
});
export type StatusJson = z.infer<typeof StatusJson>;

/** A run as `status` sees it. */
export interface RunView {
  readonly state: RunState;
  readonly chronicle: Chronicle;
}

/** A spec that was never run, seen as a run that has done nothing. */
export function unstarted(plan: Plan): RunView {
  const envelope = { seq: 1, at: '', run: '' };
  const state = evolve(null, {
    ...envelope,
    type: 'run.started',
    plan,
    branch: '',
    base: '',
    inputs: {},
  });
  return { state, chronicle: blank };
}

export function statusJson({ state, chronicle }: RunView): StatusJson {
  const { plan } = state;
  return {
    spec: plan.spec,
    title: plan.title,
    status: state.manifest.status,
    threshold: plan.threshold,
    maxIterations: plan.maxIterations,
    branch: state.branch === '' ? null : state.branch,
    group: state.group?.number ?? null,
    question: openQuestions(state)[0]?.question ?? null,
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
      costUsd: record.spend.unknownRuns > 0 ? null : microdollars(record.spend.usd),
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
  const outcomeOf = new Map(results.map(({ name, outcome }) => [name, outcome]));
  return plannedUnit(state, record.id).scenarios.map(({ name, priority, sealed }) => ({
    name,
    outcome: outcomeOf.get(name) ?? null,
    priority,
    sealed,
  }));
}

/** What a person sees; `working` says whether a process is at it right now, `columns` how wide the terminal is. */
export interface StatusOptions {
  readonly working: { readonly pid: number; readonly host: string } | null;
  readonly columns: number;
}

export function statusText(view: RunView, { working, columns }: StatusOptions): string {
  const { state, chronicle } = view;
  const { plan } = state;
  const head = [
    `${plan.spec}: ${oneLine(plan.title)}`,
    [
      state.manifest.status,
      `${percent(plan.threshold)} needed`,
      `at most ${String(plan.maxIterations)} iterations`,
      ...(state.branch === '' ? [] : [`branch ${state.branch}`]),
      ...(state.group === null
        ? []
        : [`group ${String(state.group.number)} of ${String(plan.groups.length)}`]),
    ].join(' · '),
    activity(view, working),
    ...(chronicle.barrier === null ? [] : [barrierLine(chronicle.barrier)]),
  ];
  const spent = total([...state.units.map(({ spend }) => spend), state.gateSpend]);
  const rows = state.units.map((record) => row(view, record));
  const table = aligned([
    ['unit', 'status', 'iteration', 'satisfaction', 'scenarios', 'cost', 'title'],
    ...rows,
  ]);
  const time = chronicle.began === null ? [] : [span(chronicle)];
  return `${[
    ...head,
    '',
    ...table.map((line) => cut(line, columns)),
    '',
    [`cost ${cost(spent)}`, ...time].join(' · '),
    ...symptomLines(state.units),
    ...questionLines(state),
    ...(state.halt?.kind === 'tripped' ? ['', ...waysOut(state)] : []),
  ].join('\n')}\n`;
}

function row({ state, chronicle }: RunView, record: UnitRecord): readonly string[] {
  const satisfaction = satisfactionOf(record);
  const iteration = iterationOf(record, chronicle);
  const { passed, failed, inconclusive } = tally(record.scenarios);
  const measured = [
    `${String(passed)} passed`,
    ...(failed > 0 ? [`${String(failed)} failed`] : []),
    ...(inconclusive > 0 ? [`${String(inconclusive)} inconclusive`] : []),
  ].join(', ');
  return [
    record.id,
    record.state.phase,
    iteration === 0 ? '–' : `${String(iteration)} of ${String(state.plan.maxIterations)}`,
    satisfaction === null ? '–' : satisfactionText(satisfaction, record, state),
    satisfaction === null ? '–' : measured,
    record.attempts === 0 && record.spend.unknownRuns === 0 ? '–' : cost(record.spend),
    titleOf(state, record.id),
  ];
}

/** `50%, P0 failed`, `100% (sealed 50%)`. */
function satisfactionText(satisfaction: number, record: UnitRecord, state: RunState): string {
  const sealed = sealedOf(record, state);
  const beside = sealed === null ? '' : ` (sealed ${percent(sealed)})`;
  return `${percent(satisfaction)}${beside}${failsMust(record, state) ? ', P0 failed' : ''}`;
}

const span = ({ began, latest }: Chronicle): string =>
  `${elapsed(Date.parse(latest ?? '') - Date.parse(began ?? ''))} between first and last event`;

const symptomLines = (units: readonly UnitRecord[]): readonly string[] =>
  units.flatMap((record) =>
    record.symptoms.length === 0 || record.state.phase === 'completed'
      ? []
      : ['', `${record.id}:`, ...record.symptoms.map((symptom) => `  - ${oneLine(symptom)}`)],
  );

const questionLines = (state: RunState): readonly string[] =>
  openQuestions(state).flatMap(({ question }) => [
    '',
    `? ${question.subject}: ${oneLine(question.detail)}`,
    ...answersTo(question, state).map((answer) => `    ${answer}`),
  ]);
