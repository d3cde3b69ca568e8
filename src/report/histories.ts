import type {
  EventOf,
  FrozenCheck,
  HeardOpinion,
  RunEvent,
  ScenarioResult,
} from '../domain/index.ts';

/** One measurement of one scenario, with the check that made it. */
export interface Measurement {
  readonly at: string;
  /** Iteration within the count it belongs to. */
  readonly iteration: number;
  readonly commit: string;
  readonly check: FrozenCheck | null;
  readonly result: ScenarioResult;
  /** The second opinion that was heard of it; null where none was asked. */
  readonly opinion: HeardOpinion | null;
}

/** How one scenario was compiled, frozen anew and measured, oldest first. */
export interface ScenarioHistory {
  readonly unit: string;
  readonly scenario: string;
  /** Every check that ever judged, the one in force last; without second opinions. */
  readonly checks: readonly FrozenCheck[];
  /** Why there is no check; null when there is one, or none was compiled yet. */
  readonly broken: string | null;
  readonly measurements: readonly Measurement[];
}

type Draft = {
  -readonly [key in keyof ScenarioHistory]: ScenarioHistory[key] extends readonly (infer T)[]
    ? T[]
    : ScenarioHistory[key];
};

/** Folds the events of a run into the history of each scenario, by `unit` and name, in the order they were first heard of. */
export function historiesOf(events: Iterable<RunEvent>): readonly ScenarioHistory[] {
  const drafts = new Map<string, Draft>();
  const of = (unit: string, scenario: string): Draft => {
    const key = JSON.stringify([unit, scenario]);
    const found = drafts.get(key);
    if (found !== undefined) return found;
    const made: Draft = { unit, scenario, checks: [], broken: null, measurements: [] };
    drafts.set(key, made);
    return made;
  };
  for (const event of events) {
    if (event.type === 'checks.finished') compiled(of, event);
    if (event.type === 'decision.made' && event.decision.kind === 'freeze')
      judgedBy(of(event.subject, event.decision.check.scenario), event.decision.check);
    if (event.type === 'evaluation.finished') measured(of, event);
    if (event.type === 'opinion.finished') heard(of, event);
    if (event.type === 'sealed.finished')
      for (const { unit, scenarios } of event.units)
        measured(of, { ...event, unit, scenarios, iteration: 0 });
  }
  return [...drafts.values()];
}

type Of = (unit: string, scenario: string) => Draft;

function compiled(of: Of, { unit, checks, broken }: EventOf<'checks.finished'>): void {
  for (const check of checks) judgedBy(of(unit, check.scenario), check);
  for (const { scenario, reason } of broken) of(unit, scenario).broken = reason;
}

function judgedBy(draft: Draft, check: FrozenCheck): void {
  draft.broken = null;
  if (draft.checks.at(-1)?.sha256 !== check.sha256) draft.checks.push(check);
}

type Measured = Pick<EventOf<'evaluation.finished'>, 'unit' | 'iteration' | 'commit' | 'scenarios'>;

function measured(
  of: Of,
  { unit, iteration, commit, scenarios, at }: Measured & { at: string },
): void {
  for (const result of scenarios) {
    const draft = of(unit, result.name);
    const check = draft.checks.at(-1) ?? null;
    draft.measurements.push({ at, iteration, commit, check, result, opinion: null });
  }
}

function heard(of: Of, { unit, opinions }: EventOf<'opinion.finished'>): void {
  for (const opinion of opinions) {
    const { measurements } = of(unit, opinion.scenario);
    const last = measurements.pop();
    if (last !== undefined) measurements.push({ ...last, opinion });
  }
}
