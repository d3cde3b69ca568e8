import type { Question, RunState, UnitRecord } from '../domain/index.ts';
import { demandsOn, plannedUnit, tally } from '../domain/index.ts';
import type { Chronicle } from './chronicle.ts';
import type { RunView } from './run-view.ts';
import { oneLine, percent, quoted, tallied } from './words.ts';

/** Work was done of which no journal tells: what it cost nobody knows. */
export const isUnrecorded = ({ state, chronicle }: RunView): boolean =>
  chronicle.began === null &&
  (state.branch !== '' ||
    state.manifest.status !== 'pending' ||
    state.units.some((record) => record.state.phase === 'completed'));

/** The number of the code run a unit is at, within its current count; 0 before the first. */
export function iterationOf(record: UnitRecord, chronicle: Chronicle): number {
  if (record.attempts === 0) return 0;
  return 'iteration' in record.state
    ? record.state.iteration
    : (chronicle.iterations[record.id] ?? record.attempts);
}

/** passed / total of the last measurement; null before the first. */
export const satisfactionOf = (record: UnitRecord): number | null => record.history.at(-1) ?? null;

/** `4 of 5 scenarios (80% of 90%), P0 failed, sealed 50%`. */
export function measured(record: UnitRecord, state: RunState): string {
  const satisfaction = satisfactionOf(record);
  if (satisfaction === null) return 'not measured';
  const { passed, total } = tally(record.scenarios);
  const share = `${percent(satisfaction)} of ${percent(state.plan.threshold)}`;
  const sealed = sealedOf(record, state);
  return [
    `${String(passed)} of ${String(total)} scenarios (${share})`,
    ...(failsMust(record, state) ? ['P0 failed'] : []),
    ...(sealed === null ? [] : [`sealed ${percent(sealed)}`]),
  ].join(', ');
}

/** Whether a scenario failed that no share of others outvotes. */
export function failsMust(record: UnitRecord, state: RunState): boolean {
  const { musts } = demandsOn(state.plan, plannedUnit(state, record.id));
  return record.scenarios.some(({ name, outcome }) => outcome === 'failed' && musts.has(name));
}

/** Satisfaction of a unit's sealed scenarios; null: there are none, or they are not measured yet. */
export const sealedOf = (record: UnitRecord, state: RunState): number | null => {
  const scenarios = state.sealed[record.id];
  return scenarios === undefined ? null : tally(scenarios).satisfaction;
};

/** A scenario for a person: its name, and its priority where it is not the usual one. */
export function scenarioOf(state: RunState, unit: string, name: string): string {
  const found = plannedUnit(state, unit).scenarios.find((scenario) => scenario.name === name);
  const priority = found?.priority ?? 'P1';
  return priority === 'P1' ? name : `${name} (${priority})`;
}

export const scenarioCounts = (record: UnitRecord): string =>
  record.scenarios.length === 0 ? 'not measured' : tallied(tally(record.scenarios));

/** Whether an earlier run completed it, and this one measured nothing of it. */
export const isEarlier = ({ id, state: { phase } }: UnitRecord, state: RunState): boolean =>
  phase === 'completed' && plannedUnit(state, id).done;

/** What became of a unit, in a few words. */
export function decisionOf(record: UnitRecord, run: RunState): string {
  const { state, attempts } = record;
  if (isEarlier(record, run)) return 'completed in an earlier run';
  switch (state.phase) {
    case 'pending':
      return attempts === 0 ? 'not started' : `retry (iteration ${String(state.iteration)})`;
    case 'escalated':
      return 'escalated';
    default:
      return state.phase;
  }
}

export const titleOf = (state: RunState, id: string): string =>
  oneLine(state.plan.units[state.index[id] ?? -1]?.title ?? id);

/** The exact commands that answer a question, each on its own line. */
export function answersTo(question: Question, state: RunState): readonly string[] {
  const decide = `implement-factory decide ${quoted(state.plan.spec)} ${quoted(question.subject)}`;
  const ways = [`${decide} --skip`, `${decide} --abort`];
  const retry = `${decide} --retry "<guidance>"`;
  const start = `implement-factory decide ${quoted(state.plan.spec)} service --start "<command>"`;
  switch (question.kind) {
    case 'service_unknown':
      return [start, ...ways];
    case 'service_unhealthy':
    case 'unserved':
      return [start, retry, ...ways];
    case 'violation':
      return [`${decide} --accept`, retry, ...ways];
    case 'exhausted':
    case 'stalled':
    case 'gate':
    case 'conflict':
      return [retry, ...ways];
    case 'inconclusive':
      return [...rechecks(question, state, decide), retry, ...ways];
  }
}

function rechecks(question: Question, state: RunState, decide: string): readonly string[] {
  const record = state.units[state.index[question.subject] ?? -1];
  return (record?.scenarios ?? [])
    .filter(({ outcome }) => outcome === 'inconclusive')
    .map(({ name }) => `${decide} --recheck ${quoted(name)}`);
}

/** What takes the run up again: as it was called before, because flags belong to the command. */
export const runCommand = ({ plan, flags }: RunState): string =>
  ['implement-factory run', quoted(plan.spec), ...flags.map(quoted)].join(' ');
