import {
  holdoutsOf,
  plannedUnit,
  type HeardOpinion,
  type RunFact,
  type RunState,
  type ScenarioOutcome,
} from '../../../src/domain/index.ts';
import { agent, ran, type Of, type World } from './world.ts';

/** Whatever a gate may find: units to blame, work to take out, rules that a person decides about, a product that is not through. */
export function gated(command: Of<'gate'>, world: World): RunFact {
  const { group, units, commit, landings } = command;
  const [first] = units;
  const luck = world.die.roll(10);
  const blamed = first !== undefined && (luck === 6 || luck === 7) ? [first] : [];
  const escalated = first !== undefined && luck === 8 ? [first] : [];
  const culprit = landings.findLast(
    ({ unit, undone }) =>
      !undone && (luck === 7 ? unit === first : luck === 5 && isOut(world.state, unit)),
  );
  const backedOut =
    culprit === undefined
      ? []
      : [{ unit: culprit.unit, commit: world.commit(), landings: [culprit.commit], work: 'w' }];
  const violation = { id: 'v', rule: 'r', level: 'L2', message: 'm', file: 'f', line: 1 } as const;
  return {
    type: 'gate.finished',
    group,
    commit: backedOut[0]?.commit ?? commit,
    steps: [{ name: 'verify', outcome: luck === 9 ? 'failed' : 'passed', detail: '' }],
    blamed: blamed.map((unit) => ({ unit, symptom: 'tests fail' })),
    escalated: escalated.map((unit) => ({ unit, kind: 'violation', detail: 'L2' })),
    waiting: blamed.length > 0 ? units.slice(1, 2) : [],
    backedOut,
    violations: escalated.map((unit) => ({ ...violation, unit })),
    agents: [agent],
    holding: [...units],
    proven: luck !== 9,
    through: luck !== 9,
  };
}

/** Its landed work is nobody's result. */
const isOut = ({ units }: RunState, id: string): boolean =>
  units.some(
    ({ id: unit, state: { phase } }) => unit === id && ['skipped', 'escalated'].includes(phase),
  );

/** Every holdout passes, fails or measures nothing. */
export function measured(command: Of<'evaluate'>, world: World): RunFact {
  const { unit, iteration, commit } = command;
  const outcomes: readonly ScenarioOutcome[] = ['passed', 'passed', 'failed', 'inconclusive'];
  const scenarios = holdoutsOf(plannedUnit(world.state, unit)).map(({ name }) => ({
    name,
    outcome: world.verdict?.(unit, iteration) ?? outcomes[world.die.roll(4)] ?? 'passed',
    attempts: [],
  }));
  const failed = scenarios.some(({ outcome }) => outcome === 'failed');
  const reports = world.state.plan.evaluation === 'report' && command.allotment !== undefined;
  return {
    type: 'evaluation.finished',
    unit,
    iteration,
    commit,
    scenarios,
    symptoms: failed ? ['GET /: returned status 500'] : [],
    agent: reports ? ran(command, world) : null,
  };
}

/** Another author agrees, disagrees, measures nothing, or has no check to offer. */
export function opined(command: Of<'second opinion'>, world: World): RunFact {
  const { unit, iteration, commit, doubts } = command;
  const opinions = doubts.map(({ check, second }): HeardOpinion => {
    const { scenario, sha256: on } = check;
    const outcome = (['failed', 'passed', 'inconclusive', null] as const)[world.die.roll(4)];
    if (second === null && (outcome ?? null) === null)
      return { scenario, on, check: null, reason: 'it is vacuous', result: null };
    const other = second ?? { ...check, sha256: `other than ${on}` };
    const result = { name: scenario, outcome: outcome ?? ('failed' as const), attempts: [] };
    return { scenario, on, check: other, result };
  });
  const heard = ran(command, world);
  return { type: 'opinion.finished', unit, iteration, commit, opinions, agent: heard };
}
