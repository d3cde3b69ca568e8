import type { Command } from '../command.ts';
import type { FrozenCheck } from '../check.ts';
import { delay, type Scene } from './scene.ts';
import { holdoutsOf } from '../plan.ts';
import { plannedUnit } from '../records.ts';
import type { GroupState, RunState, UnitRecord } from '../state.ts';

/**
 * Once everything that is to be built has landed: the service, then one unit after the other, or as many at a time as there are slots where
 * the plan says so. No unit of a group depends on another of it, so that any of them may be measured beside each other.
 */
export function evaluation({ state, group, units }: Scene): readonly Command[] {
  const phases = units.map(({ state: { phase } }) => phase);
  if (phases.some((phase) => phase === 'pending' || phase === 'coding' || phase === 'coded')) {
    if (group.stage === 'build') return [];
  }
  const measuring = units.filter(({ state: { phase } }) => phase === 'evaluating');
  const room = (state.plan.parallelEval === true ? state.plan.slots : 1) - measuring.length;
  const landed = units.filter(({ state: { phase } }) => phase === 'landed');
  const byReport = state.plan.evaluation === 'report';
  if (room <= 0 || landed.length === 0) return [];
  if (!byReport && landed.some(({ checks }) => checks.kind !== 'frozen')) return [];
  if (landed.some((record) => asksService(state, record))) {
    const service = readyService(state, group);
    // Nobody starts or restarts it under those that are being measured.
    if (service !== 'ready') return measuring.length > 0 ? [] : service;
  }
  let taken = measuring.some((record) => isOnService(state, record));
  return landed.slice(0, room).flatMap((record): Command[] => {
    const { id, state: unit } = record;
    if (unit.phase !== 'landed') return [];
    const asks = asksService(state, record);
    const aside = asks && taken;
    taken ||= asks;
    return [
      {
        do: 'evaluate',
        unit: id,
        iteration: unit.iteration,
        commit: state.head,
        ...holdoutChecks(state, record),
        ...(aside && { aside }),
        delayMs: delay(state, 'evaluation', id),
      },
    ];
  });
}

/** Whether measuring a unit takes a service. */
const asksService = (state: RunState, record: UnitRecord): boolean =>
  state.plan.service === 'possible' &&
  (state.plan.evaluation === 'report' || holdoutChecks(state, record).checks.some(talks));

/** Whether it is the group's service that a unit is being measured on. */
const isOnService = (state: RunState, record: UnitRecord): boolean =>
  record.state.phase === 'evaluating' && !record.state.aside && asksService(state, record);

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
