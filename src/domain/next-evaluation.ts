import type { Command } from './command.ts';
import type { FrozenCheck } from './check.ts';
import { delay, type Scene } from './scene.ts';
import { holdoutsOf } from './plan.ts';
import { plannedUnit } from './records.ts';
import type { GroupState, RunState, UnitRecord } from './state.ts';

/** Once everything that is to be built has landed: the service, then one unit after the other. */
export function evaluation({ state, group, units }: Scene): readonly Command[] {
  const phases = units.map(({ state: { phase } }) => phase);
  if (phases.some((phase) => phase === 'pending' || phase === 'coding' || phase === 'coded')) {
    if (group.stage === 'build') return [];
  }
  if (phases.includes('evaluating')) return [];
  const landed = units.filter(({ state: { phase } }) => phase === 'landed');
  const [first] = landed;
  const byReport = state.plan.evaluation === 'report';
  if (first === undefined || (!byReport && landed.some(({ checks }) => checks.kind !== 'frozen')))
    return [];
  const needed =
    state.plan.service === 'possible' &&
    (byReport || landed.some((record) => holdoutChecks(state, record).checks.some(talks)));
  if (needed) {
    const service = readyService(state, group);
    if (service !== 'ready') return service;
  }
  const unit = first.state;
  if (unit.phase !== 'landed') return [];
  return [
    {
      do: 'evaluate',
      unit: first.id,
      iteration: unit.iteration,
      commit: state.head,
      ...holdoutChecks(state, first),
      delayMs: delay(state, 'evaluation', first.id),
    },
  ];
}

/** A unit's frozen checks without the sealed ones. */
function holdoutChecks(state: RunState, { id, checks }: UnitRecord) {
  if (checks.kind !== 'frozen') return { checks: [], broken: [] };
  const names = new Set(holdoutsOf(plannedUnit(state, id)).map(({ name }) => name));
  const isHoldout = ({ scenario }: { readonly scenario: string }) => names.has(scenario);
  return { checks: checks.checks.filter(isHoldout), broken: checks.broken.filter(isHoldout) };
}

const talks = (check: FrozenCheck): boolean => check.needsService;

function readyService(state: RunState, group: GroupState): 'ready' | readonly Command[] {
  const { service } = group;
  const ready = (action: 'start' | 'restart' | 'check'): readonly Command[] => [
    {
      do: 'ready service',
      group: group.number,
      action,
      commit: state.head,
      delayMs: delay(state, 'service'),
    },
  ];
  switch (service.kind) {
    case 'down':
      return ready('start');
    case 'up':
      if (service.stale) return ready('restart');
      return service.checked ? 'ready' : ready('check');
    case 'busy':
    case 'unclear':
      return [];
  }
}
