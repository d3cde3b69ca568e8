import type { Command } from './command.ts';
import type { FrozenCheck } from './event.ts';
import { delay, type Scene } from './scene.ts';
import type { GroupState, RunState } from './state.ts';

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
    (byReport ||
      landed.some(({ checks }) => checks.kind === 'frozen' && checks.checks.some(talks)));
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
      checks: first.checks.kind === 'frozen' ? first.checks.checks : [],
      broken: first.checks.kind === 'frozen' ? first.checks.broken : [],
      delayMs: delay(state, 'evaluation', first.id),
    },
  ];
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
