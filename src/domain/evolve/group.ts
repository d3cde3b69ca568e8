import type { RunFact } from '../event.ts';
import type { GroupState, RunState, ServiceState } from '../state.ts';

/** Moves the group at work and the service under test. */
export function evolveGroup(state: RunState, event: RunFact): RunState {
  if (event.type === 'group.started')
    return {
      ...state,
      group: {
        number: event.group,
        base: state.head,
        stage: 'build',
        service: { kind: 'down' },
        gate: 'idle',
      },
    };
  const { group } = state;
  if (group === null) return state;
  if (event.type === 'group.finished')
    return {
      ...state,
      group: null,
      delivered: state.head,
      finishedGroups: [...state.finishedGroups, group.number],
    };
  const own = move(group, event);
  const service = serve(group.service, event);
  const still = own === group && service === group.service;
  if (still && event.type !== 'decision.made') return state;
  const moved = { ...own, service };
  return event.type === 'decision.made' && event.decision.kind === 'start'
    ? { ...state, group: moved, serviceStart: event.decision }
    : { ...state, group: moved };
}

function move(group: GroupState, event: RunFact): GroupState {
  switch (event.type) {
    case 'run.resumed':
      return { ...group, stage: 'build', gate: 'idle' };
    case 'code.started':
      return group.base === event.base ? group : { ...group, base: event.base };
    case 'evaluation.started':
      return group.stage === 'evaluate' ? group : { ...group, stage: 'evaluate' };
    case 'gate.started':
      return { ...group, gate: 'running' };
    case 'gate.finished':
      return { ...group, gate: 'idle' };
    case 'infra.failed':
      return event.operation === 'gate' ? { ...group, gate: 'idle' } : group;
    default:
      return group;
  }
}

function serve(service: ServiceState, event: RunFact): ServiceState {
  switch (event.type) {
    case 'run.resumed':
    case 'service.failed':
      return { kind: 'down' };
    case 'service.started':
      return { kind: 'busy' };
    case 'service.ready':
      return { kind: 'up', url: event.url, commit: event.commit, checked: true, stale: false };
    case 'service.unclear':
      return { kind: 'unclear', question: event.question, asked: false };
    case 'land.finished':
      return service.kind === 'up'
        ? { ...service, checked: false, stale: service.stale || event.serverSide }
        : service;
    case 'gate.finished':
      return service.kind === 'up' && event.backedOut.length > 0
        ? { ...service, checked: false, stale: true }
        : service;
    case 'infra.failed':
      if (event.operation === 'service') return { kind: 'down' };
      return event.operation === 'evaluation' && service.kind === 'up'
        ? { ...service, checked: false }
        : service;
    case 'question.asked':
      return service.kind === 'unclear' && event.question.subject === 'service'
        ? { ...service, asked: true }
        : service;
    case 'decision.made':
      if (event.subject === 'service' && event.decision.kind !== 'abort') return { kind: 'down' };
      return (event.decision.kind === 'recheck' || event.decision.kind === 'freeze') &&
        service.kind === 'up'
        ? { ...service, checked: false }
        : service;
    default:
      return service;
  }
}
