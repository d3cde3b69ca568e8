import { breachIn } from './audit.ts';
import { evolveUnit } from './evolve/unit.ts';
import { closes, reopened, unsealed } from './evolve/closing.ts';
import { gated, landed } from './evolve/gate.ts';
import { evolveGroup } from './evolve/group.ts';
import type { EventOf, RunEvent, RunFact } from './event.ts';
import { idsOf, recordOf, renewed } from './records.ts';
import { evolveLimits } from './evolve/limit.ts';
import { evolvePurse } from './evolve/purse.ts';
import { afterwards, failed } from './evolve/infra.ts';
import { evolveWatchdog } from './evolve/watchdog.ts';
import { newPurse } from './purse.ts';
import { operationKey, type AuditState, type RunState, type UnitRecord } from './state.ts';

/**
 * Folds one event into the state of a run. Total over every journal this runtime writes; throws only on our own bug.
 * Units, the group and the run each look at the event and take what concerns them.
 */
export function evolve(state: RunState | null, event: RunEvent): RunState {
  if (event.type === 'run.started') return begin(event);
  if (state === null) throw new Error('Internal error: a journal begins with run.started');
  const purse = evolvePurse(state, event);
  const watchdog = evolveWatchdog(state, event, purse);
  const rows = { before: state.watchdog, now: watchdog };
  const limits = evolveLimits(state.limits, event, rows);
  const paid = renewed(state, { units: state.units, purse, watchdog, limits });
  if (event.type === 'run.tripped') return tripped(paid, event);
  const moved = evolveRun(evolveGroup(evolveUnit(paid, event), event), event);
  return ENDS_A_MEASUREMENT.has(event.type) ? settle(moved) : moved;
}

/** Replays a journal. */
export const replay = (events: Iterable<RunEvent>): RunState | null => {
  let state: RunState | null = null;
  for (const event of events) state = evolve(state, event);
  return state;
};

function begin(event: Extract<RunEvent, { type: 'run.started' }>): RunState {
  return {
    plan: event.plan,
    flags: event.flags ?? [],
    branch: event.branch,
    base: event.base,
    inputs: event.inputs,
    head: event.base,
    delivered: event.delivered ?? event.base,
    index: Object.fromEntries(event.plan.units.map((unit, position) => [unit.id, position])),
    units: event.plan.units.map((unit): UnitRecord => ({
      id: unit.id,
      state: unit.done
        ? { phase: 'completed', commit: null }
        : { phase: 'pending', iteration: 1, conflict: null },
      checks: { kind: 'missing', kept: [] },
      attempts: 0,
      conflicts: 0,
      scenarios: [],
      symptoms: [],
      guidance: null,
      history: [],
      laps: [],
      coded: { empty: false, strong: false },
      holds: null,
      failing: [],
      opinions: [],
      filesChanged: 0,
      spend: { usd: 0, unknownRuns: 0, inputTokens: 0, outputTokens: 0 },
    })),
    group: null,
    finishedGroups: [],
    manifest: { status: event.plan.status, editing: null },
    landings: [],
    proven: { commit: event.base, landings: 0 },
    inherited: (event.inherited ?? []).map(({ unit, checks }) => ({
      unit,
      at: { commit: event.base, landings: 0 },
      checks,
    })),
    gateSpend: { usd: 0, unknownRuns: 0, inputTokens: 0, outputTokens: 0 },
    violations: [],
    accepted: [],
    closing: { gate: 'due', undelivered: false, sealed: 'due' },
    sealed: {},
    serviceStart: null,
    infra: {},
    audit: { busy: null, passed: [], breach: null },
    purse: newPurse(event.at, event.plan.units.length),
    limits: {},
    watchdog: null,
    halt: null,
    outcome: null,
  };
}

function evolveRun(state: RunState, event: RunFact): RunState {
  switch (event.type) {
    case 'run.resumed':
      return {
        ...state,
        plan: { ...state.plan, ...event.plan },
        flags: event.flags ?? state.flags,
        halt: afterwards(state),
        infra: {},
        // Another process may stand behind another barrier.
        audit: { ...state.audit, busy: null, passed: [] },
        manifest: { ...state.manifest, editing: null },
        closing: reopened(state.closing),
      };
    case 'run.finished':
      return { ...state, outcome: event.status };
    case 'audit.started':
      return { ...state, audit: { ...state.audit, busy: event.base } };
    case 'audit.finished':
      return succeeded({ ...state, audit: audited(state, event) }, 'audit');
    case 'land.finished':
      return succeeded(landed(state, event), 'land', event);
    case 'code.finished':
      return succeeded(state, 'code', event);
    case 'checks.finished':
      return succeeded(state, 'checks', event);
    case 'evaluation.finished':
      return succeeded(state, 'evaluation', event);
    case 'opinion.finished':
      return succeeded(state, 'opinion', event);
    case 'service.ready':
      return succeeded(state, 'service');
    case 'gate.started':
      return event.group === null ? closes(state, { gate: 'running' }) : state;
    case 'gate.finished':
      return succeeded(gated(state, event), 'gate');
    case 'sealed.started':
      return closes(state, { sealed: 'running' });
    case 'sealed.finished':
      return succeeded(unsealed(state, event), 'sealed');
    case 'group.finished':
      return succeeded(state, 'delivery');
    case 'manifest.editing':
      return {
        ...state,
        manifest: { ...state.manifest, editing: { before: event.before, after: event.after } },
      };
    case 'manifest.edited':
      return succeeded(
        {
          ...state,
          head: event.commit ?? state.head,
          manifest: { status: event.status, editing: null },
        },
        'edit',
      );
    case 'infra.failed':
      return failed(state, event);
    case 'decision.made':
      return event.decision.kind === 'abort' && !isTripped(state)
        ? { ...state, halt: { kind: 'abort' } }
        : state;
    default:
      return state;
  }
}

const audited = ({ audit }: RunState, report: EventOf<'audit.finished'>): AuditState => {
  const breach = breachIn(report);
  return {
    busy: null,
    passed: breach === null ? [...audit.passed, report.base] : audit.passed,
    breach: audit.breach ?? breach,
  };
};

const isTripped = ({ halt }: RunState): boolean => halt?.kind === 'tripped';

/** What was at work is undone as if it had failed; nothing starts any more. */
function tripped(state: RunState, event: EventOf<'run.tripped'>): RunState {
  const { operation, unit, what, where, agent } = event;
  const first = isTripped(state) ? state.halt : null;
  const halt = first ?? ({ kind: 'tripped', what, where, unit } as const);
  if (operation === null) return { ...state, halt };
  const undone: EventOf<'infra.failed'> = {
    type: 'infra.failed',
    operation,
    detail: what,
    ...(unit === null ? {} : { unit }),
    ...(agent === undefined ? {} : { agent }),
  };
  return { ...evolveRun(evolveGroup(evolveUnit(state, undone), undone), undone), halt };
}

function succeeded(
  state: RunState,
  operation: Parameters<typeof operationKey>[0],
  event?: { unit: UnitRecord['id'] },
): RunState {
  const key = operationKey(operation, event?.unit);
  if (state.infra[key] === undefined) return state;
  const { [key]: _, ...infra } = state.infra;
  return { ...state, infra };
}

/** After these, fewer units may wait to be measured. */
const ENDS_A_MEASUREMENT: ReadonlySet<RunFact['type']> = new Set([
  'evaluation.finished',
  'opinion.finished',
  'service.failed',
  'decision.made',
]);

/** An evaluation phase ends when nothing of the group waits to be measured. */
function settle(state: RunState): RunState {
  const { group } = state;
  if (group === null || group.stage === 'build') return state;
  // From the end, because they are measured in order: the last one waits longest.
  const measuring = idsOf(state, group.number).findLast((id) => {
    const { phase } = recordOf(state, id).state;
    return phase === 'landed' || phase === 'evaluating' || phase === 'doubted';
  });
  return measuring !== undefined ? state : { ...state, group: { ...group, stage: 'build' } };
}
