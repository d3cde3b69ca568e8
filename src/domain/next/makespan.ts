import type { Plan } from '../plan.ts';
import type { UnitRecord } from '../state.ts';

/** Units that may start together, the longest known first: what is long and begins late is waited for at the end. Unknown ones count as the mean. */
export function longestFirst(
  units: readonly UnitRecord[],
  { expected = {} }: Plan,
): readonly UnitRecord[] {
  const known = units.flatMap(({ id }) => expected[id] ?? []);
  if (known.length === 0) return units;
  const mean = known.reduce((sum, ms) => sum + ms, 0) / known.length;
  const msOf = ({ id }: UnitRecord): number => expected[id] ?? mean;
  return units.toSorted((a, b) => msOf(b) - msOf(a));
}

/** How a run's length compares with what its work asks for; all in ms, utilisation as a share. */
export interface Pace {
  readonly wall: number;
  /** The longest chain of code runs that groups and units ask for, one after the other. */
  readonly critical: number;
  /** No order of the same work is faster: max(critical path, agents' work / slots). */
  readonly bound: number;
  readonly utilisation: number;
}

/** `coded`: ms of code runs, by unit; `work`: ms of all agents that take a slot. */
export function paceOf(
  { groups, slots }: Pick<Plan, 'groups' | 'slots'>,
  { wall, coded, work }: { wall: number; coded: Readonly<Record<string, number>>; work: number },
): Pace {
  const critical = groups.reduce((sum, { mode, units }) => {
    const chain = units.map((unit) => coded[unit] ?? 0);
    return sum + (mode === 'parallel' ? Math.max(0, ...chain) : chain.reduce((a, b) => a + b, 0));
  }, 0);
  return {
    wall,
    critical,
    bound: Math.max(critical, work / slots),
    utilisation: wall === 0 ? 0 : Math.min(1, work / (slots * wall)),
  };
}
