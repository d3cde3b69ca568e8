import type {
  EventOf,
  RunEvent,
  RunState,
  ScenarioOutcome,
  ScenarioResult,
  UnitRecord,
} from '../../domain/index.ts';
import { plannedUnit, tally } from '../../domain/index.ts';
import { decisionOf, iterationOf, satisfactionOf, sealedOf } from '../judgement.ts';
import type { RunView } from '../run-view.ts';

/** One measurement of a unit. */
export interface Evaluation {
  readonly iteration: number;
  readonly at: string;
  readonly commit: string;
  /** passed / total. */
  readonly satisfaction: number;
  readonly passed: number;
  readonly total: number;
}

/** One scenario over the whole run. */
export interface ScenarioStory {
  readonly name: string;
  readonly priority: 'P0' | 'P1' | 'P2';
  readonly sealed: boolean;
  /** The last measurement; null: never measured. */
  readonly outcome: ScenarioOutcome | null;
  /** Why it is inconclusive. */
  readonly reason: string | null;
  /** Path in the run folder. */
  readonly evidence: string | null;
  /** The last measurement's executions. */
  readonly attempts: ScenarioResult['attempts'];
  /** Its outcome in each evaluation of the unit, oldest first; null where it was left out. A sealed one is in none. */
  readonly history: readonly (ScenarioOutcome | null)[];
}

/** Lines that a unit's code agent was sent back with. */
export interface Feedback {
  readonly at: string;
  readonly iteration: number;
  readonly from: 'evaluation' | 'landing' | 'service' | 'gate';
  readonly lines: readonly string[];
}

export interface UnitStory {
  readonly id: string;
  readonly title: string;
  readonly group: number;
  readonly status: UnitRecord['state']['phase'];
  /** The same in a word or two for a person. */
  readonly decision: string;
  /** An earlier run completed it. */
  readonly earlier: boolean;
  readonly iteration: number;
  readonly satisfaction: number | null;
  /** Of its sealed scenarios; null: there are none, or they are not measured. */
  readonly sealed: number | null;
  readonly filesChanged: number;
  readonly spend: UnitRecord['spend'];
  readonly evaluations: readonly Evaluation[];
  readonly scenarios: readonly ScenarioStory[];
  readonly feedback: readonly Feedback[];
}

/** What a walk through the journal gathers of one unit. */
interface Gathered {
  iteration: number;
  readonly results: EventOf<'evaluation.finished'>[];
  readonly evaluations: Evaluation[];
  readonly feedback: Feedback[];
}

/** Every unit of the plan, in its order. */
export function unitStories(view: RunView, events: readonly RunEvent[]): readonly UnitStory[] {
  const gathered = gather(events, view.state);
  const { state, chronicle } = view;
  const groups = new Map(
    state.plan.groups.flatMap(({ number, units }) => units.map((id) => [id, number] as const)),
  );
  return state.units.map((record) => {
    const { title, done } = plannedUnit(state, record.id);
    const { results = [], evaluations = [], feedback = [] } = gathered.get(record.id) ?? {};
    return {
      id: record.id,
      title,
      group: groups.get(record.id) ?? 0,
      status: record.state.phase,
      decision: decisionOf(record, state),
      earlier: done,
      iteration: iterationOf(record, chronicle),
      satisfaction: satisfactionOf(record),
      sealed: sealedOf(record, state),
      filesChanged: record.filesChanged,
      spend: record.spend,
      evaluations,
      scenarios: scenariosOf(state, record, results),
      feedback,
    };
  });
}

function scenariosOf(
  state: RunState,
  record: UnitRecord,
  results: Gathered['results'],
): readonly ScenarioStory[] {
  const last = new Map(
    [...record.scenarios, ...(state.sealed[record.id] ?? [])].map((each) => [each.name, each]),
  );
  return plannedUnit(state, record.id).scenarios.map(({ name, priority, sealed }) => {
    const found = last.get(name);
    return {
      name,
      priority,
      sealed,
      outcome: found?.outcome ?? null,
      reason: found?.reason ?? null,
      evidence: found?.evidence ?? null,
      attempts: found?.attempts ?? [],
      history: sealed
        ? []
        : results.map(
            ({ scenarios }) => scenarios.find((each) => each.name === name)?.outcome ?? null,
          ),
    };
  });
}

function gather(events: readonly RunEvent[], { plan }: RunState): ReadonlyMap<string, Gathered> {
  const units = new Map<string, Gathered>(
    plan.units.map(({ id }) => [
      id,
      { iteration: 0, results: [], evaluations: [], feedback: [] } satisfies Gathered,
    ]),
  );
  // Landed and not measured yet: whom a service that does not start sends back.
  const landed = new Set<string>();
  const told = (
    unit: string,
    from: Feedback['from'],
    of: { at: string; lines: readonly string[] },
  ) => {
    const known = units.get(unit);
    if (known === undefined || of.lines.length === 0) return;
    known.feedback.push({ at: of.at, iteration: known.iteration, from, lines: of.lines });
  };
  for (const event of events) {
    const { at } = event;
    switch (event.type) {
      case 'code.started': {
        const known = units.get(event.unit);
        if (known !== undefined) known.iteration = event.iteration;
        break;
      }
      case 'land.finished':
        landed.add(event.unit);
        break;
      case 'land.refused':
        told(event.unit, 'landing', { at, lines: event.symptoms });
        break;
      case 'service.failed':
        for (const unit of landed) told(unit, 'service', { at, lines: [event.symptom] });
        landed.clear();
        break;
      case 'evaluation.finished': {
        landed.delete(event.unit);
        const known = units.get(event.unit);
        known?.results.push(event);
        known?.evaluations.push(measurement(event));
        told(event.unit, 'evaluation', { at, lines: event.symptoms });
        break;
      }
      case 'gate.finished':
        for (const { unit, symptom } of event.blamed) told(unit, 'gate', { at, lines: [symptom] });
        break;
      default:
        break;
    }
  }
  return units;
}

function measurement(event: Extract<RunEvent, { type: 'evaluation.finished' }>): Evaluation {
  const { passed, total, satisfaction } = tally(event.scenarios);
  const { iteration, at, commit } = event;
  return { iteration, at, commit, satisfaction, passed, total };
}
