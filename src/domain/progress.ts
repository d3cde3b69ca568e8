import type { ScenarioResult } from './verdict.ts';

/** What one iteration of a unit came to. */
export interface Lap {
  /** Code run, of `attempts`. */
  readonly attempt: number;
  readonly iteration: number;
  /** Names of the scenarios that failed, sorted. */
  readonly failing: readonly string[];
  /** passed / total. */
  readonly satisfaction: number;
  /** Its code run changed nothing. */
  readonly empty: boolean;
  /** The stronger model of the plan coded it. */
  readonly strong: boolean;
}

/** A unit's count so far, and its last code run. */
interface Count {
  readonly laps: readonly Lap[];
  readonly attempts: number;
  readonly coded: Pick<Lap, 'empty' | 'strong'>;
}

/** The laps of a count after a measurement that sends its unit back; one that is measured once more replaces what it was. */
export const withLap = (
  { laps, attempts, coded }: Count,
  iteration: number,
  scenarios: readonly Pick<ScenarioResult, 'name' | 'outcome'>[],
): readonly Lap[] => [
  ...laps.filter(({ attempt }) => attempt !== attempts),
  {
    attempt: attempts,
    iteration,
    failing: scenarios
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ name }) => name)
      .toSorted(),
    satisfaction:
      scenarios.filter(({ outcome }) => outcome === 'passed').length /
      Math.max(1, scenarios.length),
    empty: coded.empty,
    strong: coded.strong,
  },
];

/**
 * Why a unit does not get on, when so many iterations in a row brought none further: nothing changed, the same scenarios fail as
 * in an earlier iteration, or satisfaction fell. Null as long as there is patience; none (0) is endless. A stronger model is not
 * held to what the one before it did.
 */
export function stalled(laps: readonly Lap[], patience: number): string | null {
  if (patience === 0 || laps.length < patience) return null;
  const strong = laps.at(-1)?.strong ?? false;
  const own = laps.slice(laps.findLastIndex((lap) => lap.strong !== strong) + 1);
  const reasons = own.map((_, at) => setback(own, at));
  const last = reasons.slice(-patience);
  if (last.length < patience || last.includes(null)) return null;
  return [...new Set(last)].join('; ');
}

/** Why a lap was no step forward; null when it was one. */
function setback(laps: readonly Lap[], at: number): string | null {
  const lap = laps[at];
  if (lap === undefined) return null;
  const { iteration, failing, satisfaction } = lap;
  if (lap.empty) return `iteration ${iteration} changed nothing`;
  const same = laps.slice(0, at).find((earlier) => isSame(earlier.failing, failing));
  if (same !== undefined)
    return `in iteration ${iteration} the same scenarios failed as in iteration ${same.iteration}`;
  const before = laps[at - 1]?.satisfaction ?? 0;
  return satisfaction < before
    ? `in iteration ${iteration} satisfaction fell from ${percent(before)} to ${percent(satisfaction)}`
    : null;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, at) => name === other[at]);

const percent = (share: number): string => `${Math.round(share * 100)} %`;
