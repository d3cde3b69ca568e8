import { z } from 'zod';
import { FrozenCheck, ScenarioOutcome } from '../domain/index.ts';
import type { Calibration } from '../domain/index.ts';
import { isFlaky, trialsOf } from './flakiness.ts';
import type { Measurement, ScenarioHistory } from './histories.ts';
import { aligned } from './table.ts';
import { count, oneLine } from './words.ts';

/** What `checks --json` prints. */
export const ChecksJson = z.object({
  spec: z.string(),
  /** Folder that `file` and `evidence` are relative to; null when it was never run. */
  runFolder: z.string().nullable(),
  checks: z.array(
    z.object({
      unit: z.string(),
      scenario: z.string(),
      /** The check in force; null when there is none. */
      check: FrozenCheck.nullable(),
      /** Those it took the place of, oldest first. */
      replaced: z.array(FrozenCheck),
      /** Why there is none. */
      broken: z.string().nullable(),
      /** Attempts in this run that passed, of those that could tell. */
      attempts: z.object({ passed: z.int(), total: z.int() }),
      /** It passed and failed on one and the same product. */
      flaky: z.boolean(),
      history: z.array(
        z.object({
          at: z.string(),
          iteration: z.int(),
          commit: z.string(),
          /** Hash of the check that measured. */
          check: z.string().nullable(),
          outcome: ScenarioOutcome,
          second: z
            .object({ check: z.string().nullable(), outcome: ScenarioOutcome.nullable() })
            .nullable(),
          evidence: z.string().nullable(),
        }),
      ),
    }),
  ),
});
export type ChecksJson = z.infer<typeof ChecksJson>;

export interface ChecksView {
  readonly spec: string;
  readonly runFolder: string | null;
  readonly histories: readonly ScenarioHistory[];
}

export function checksJson({ spec, runFolder, histories }: ChecksView): ChecksJson {
  return {
    spec,
    runFolder,
    checks: histories.map((history) => ({
      unit: history.unit,
      scenario: history.scenario,
      check: inForce(history),
      replaced: history.checks.slice(0, history.broken === null ? -1 : undefined),
      broken: history.broken,
      attempts: trialsOf(history.measurements.map(({ result }) => result)),
      flaky: history.measurements.some(({ result }) => isFlaky(result)),
      history: history.measurements.map((each) => ({
        at: each.at,
        iteration: each.iteration,
        commit: each.commit,
        check: each.check?.sha256 ?? null,
        outcome: each.result.outcome,
        second:
          each.opinion === null
            ? null
            : {
                check: each.opinion.check?.sha256 ?? null,
                outcome: each.opinion.result?.outcome ?? null,
              },
        evidence: each.result.evidence ?? null,
      })),
    })),
  };
}

/** A line for each scenario, for a terminal. */
export function checksText({ spec, histories }: ChecksView): string {
  if (histories.length === 0) return `${spec}: no check was compiled yet.\n`;
  const rows = histories.map((history) => [
    history.unit,
    history.scenario,
    inForce(history)?.sha256.slice(0, 12) ?? '–',
    originOf(history),
    calibrated(inForce(history)?.calibration),
    history.measurements.map(measured).join(', ') || 'not measured',
  ]);
  const table = aligned([
    ['unit', 'scenario', 'check', 'by', 'calibration', 'history'],
    ...rows.map((row) => row.map(oneLine)),
  ]);
  const broken = histories.filter((history) => history.broken !== null);
  return `${[
    ...table,
    ...broken.map(
      ({ unit, scenario, broken: reason }) =>
        `no check for ${unit} ${scenario}: ${oneLine(reason ?? '')}`,
    ),
  ].join('\n')}\n`;
}

const inForce = ({ checks, broken }: ScenarioHistory): FrozenCheck | null =>
  broken === null ? (checks.at(-1) ?? null) : null;

function originOf(history: ScenarioHistory): string {
  const check = inForce(history);
  if (check === null) return '–';
  if (check.revised !== undefined) return 'a person';
  return check.origin === 'stub' ? 'stub' : 'author';
}

/** How it judged products that are none. */
export function calibrated(calibration: Calibration | undefined): string {
  if (calibration === undefined) return 'none';
  const { passed, failed } = calibration;
  const fails = `fails ${count(failed.length, 'null product')}`;
  return passed.length === 0 ? fails : `${fails}, passes ${passed.join(', ')}`;
}

/** `failed (2nd: failed)`, `passed (flaky)`. */
function measured({ result, opinion }: Measurement): string {
  const flaky = isFlaky(result) ? [`flaky`] : [];
  const second = opinion === null ? [] : [`2nd: ${opinion.result?.outcome ?? 'none'}`];
  const more = [...flaky, ...second];
  return more.length === 0 ? result.outcome : `${result.outcome} (${more.join(', ')})`;
}
