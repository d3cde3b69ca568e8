import { z } from 'zod';
import { BaseAudit, breachIn, Breach, Overlap } from './audit.ts';
import { BarrierMode } from './barrier.ts';
import type { RunEvent } from './event.ts';
import { evolve } from './evolve.ts';
import { UnitId } from './manifest.ts';
import { recordOf } from './records.ts';
import type { RunState } from './state.ts';

/** Something that speaks against a run, in a sentence for a person. */
const Objection = z.object({ what: z.string(), where: z.string() });
export type Objection = z.infer<typeof Objection>;

/** What a run can show of its barrier. `implement-factory audit` makes it again from journal and repository. */
export const Receipt = z.object({
  version: z.literal(1),
  run: z.string(),
  spec: z.string(),
  /** Events of the journal that it speaks of. */
  events: z.int().min(1),
  outcome: z.enum(['completed', 'failed', 'invalid', 'unfinished']),
  /** How the barrier was breached, if it was. */
  trip: Breach.extend({ unit: UnitId.nullable() }).nullable(),
  /** The weakest wall that any process of the run worked behind, and hashes of the sandbox's arguments as they were tried out. */
  barrier: z.object({
    /** What was asked for last. */
    mode: BarrierMode.nullable(),
    tier: z.enum(['bwrap', 'advisory', 'unknown']),
    argv: z.array(z.string()),
  }),
  /** sha256 of everything the run was measured by: scenarios, stubs, unit specs, and the manifest without boxes and status. */
  inputs: z.record(z.string(), z.string()),
  /** Which of them read otherwise now. */
  changed: z.array(z.string()),
  /** What was proven of each commit before an agent worked on it; hunts are what was seen then, and cannot be seen again. */
  audits: z.array(BaseAudit),
  /** What came back to code agents. `bits`: at most so much could be told by all lines together. */
  feedback: z.array(
    z.object({
      unit: UnitId,
      lines: z.int().nonnegative(),
      bits: z.int().nonnegative(),
      /** Code runs that were told a person's advice, which nothing measures. */
      guided: z.int().nonnegative(),
    }),
  ),
  /** Work of agents on the run branch. `hidden`: paths in spec directories that it changes; null: the commit is not there any more. */
  landed: z.array(
    z.object({ unit: UnitId, commit: z.string(), hidden: z.array(z.string()).nullable() }),
  ),
  /** Commits of the run branch that are no agent's and not the run's own, as far as they are told of: a person's. */
  others: z.array(z.string()).nullable(),
  /** Wording of holdouts in agents' work. */
  findings: z.array(Overlap.extend({ unit: UnitId })),
  /** What speaks against the run; nothing, if all is well. */
  objections: z.array(Objection),
});
export type Receipt = z.infer<typeof Receipt>;

/** What the repository itself says of a run. */
export interface RepositoryFacts {
  /** The clean commit of each base made again, its tree, and holdouts in it; null: the base is not there any more. */
  readonly bases: ReadonlyMap<
    string,
    {
      readonly clean: string;
      readonly tree: string;
      readonly shared: readonly { readonly blob: string; readonly holdout: string }[];
    } | null
  >;
  readonly landed: ReadonlyMap<string, readonly string[] | null>;
  /** All commits of the run branch; null: it is not there any more. */
  readonly commits: readonly string[] | null;
}

/** What the repository has to be asked about a run. */
export interface RunTrail {
  readonly bases: readonly string[];
  readonly landed: readonly string[];
  readonly hidden: readonly string[];
  readonly base: string;
  readonly head: string;
  readonly branch: string;
}

type Past = readonly RunEvent[];

const all = <T extends RunEvent['type']>(
  events: Past,
  type: T,
): readonly Extract<RunEvent, { type: T }>[] =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

/** Landings that changed anything: without work a landing names the tip that it found. */
const landings = (events: Past) => all(events, 'land.finished').filter(({ files }) => files > 0);

export function trailOf(events: Past, { base, head, branch }: RunState): RunTrail {
  const audits = all(events, 'audit.finished');
  return {
    bases: [...new Set(audits.map((audit) => audit.base))],
    landed: landings(events).map(({ commit }) => commit),
    hidden: [...new Set(audits.flatMap(({ hidden }) => hidden))],
    base,
    head,
    branch,
  };
}

/** What else a receipt needs to know. */
export interface Surroundings {
  readonly facts: RepositoryFacts;
  /** Bits that one line of feedback can tell a unit at most. */
  readonly bits: (unit: UnitId) => number;
  /** Paths of inputs that read otherwise now. */
  readonly changed: readonly string[];
}

/** The receipt of a run, from its journal and its surroundings. */
export function receiptOf(events: Past, { facts, bits, changed }: Surroundings): Receipt {
  const { state, feedback } = told(events);
  const audits = all(events, 'audit.finished').map((event) => BaseAudit.parse(event));
  const landed = landings(events).map(({ unit, commit }) => ({
    unit,
    commit,
    hidden: mutable(facts.landed.get(commit) ?? null),
  }));
  const receipt = {
    version: 1 as const,
    run: events[0]?.run ?? '',
    spec: state.plan.spec,
    events: events.length,
    outcome:
      state.halt?.kind === 'tripped'
        ? ('invalid' as const)
        : (state.outcome ?? ('unfinished' as const)),
    trip: tripOf(state),
    barrier: barrierOf(events, audits),
    inputs: { ...state.inputs },
    changed: [...changed],
    audits,
    feedback: feedback.map((each) => ({
      ...each,
      bits: each.lines === 0 ? 0 : Math.ceil(each.lines * bits(each.unit)),
    })),
    landed,
    others: othersIn(events, facts),
    findings: all(events, 'code.finished').flatMap(({ unit, overlaps = [] }) =>
      overlaps.map((overlap) => ({ unit, ...overlap })),
    ),
  };
  return { ...receipt, objections: objectionsTo(receipt, facts) };
}

const mutable = (paths: readonly string[] | null): string[] | null =>
  paths === null ? null : [...paths];

/** Every code run, and what it was told beyond its unit spec. */
function told(events: Past): {
  readonly state: RunState;
  readonly feedback: readonly Omit<Receipt['feedback'][number], 'bits'>[];
} {
  const counts = new Map<UnitId, { lines: number; guided: number }>();
  let state: RunState | null = null;
  for (const event of events) {
    if (event.type === 'code.started' && state !== null) {
      const { symptoms, guidance } = recordOf(state, event.unit);
      const { lines, guided } = counts.get(event.unit) ?? { lines: 0, guided: 0 };
      counts.set(event.unit, {
        lines: lines + symptoms.length,
        guided: guided + (guidance === null ? 0 : 1),
      });
    }
    state = evolve(state, event);
  }
  if (state === null) throw new Error('Internal error: a run without a beginning');
  return { state, feedback: [...counts].map(([unit, count]) => ({ unit, ...count })) };
}

const tripOf = ({ halt }: RunState): Receipt['trip'] =>
  halt?.kind === 'tripped' ? { what: halt.what, where: halt.where, unit: halt.unit } : null;

function barrierOf(events: Past, audits: readonly BaseAudit[]): Receipt['barrier'] {
  const opened = all(events, 'barrier.opened');
  const tiers = opened.map(({ tier }) => tier);
  return {
    mode: opened.at(-1)?.mode ?? null,
    tier: tiers.includes('advisory') ? 'advisory' : (tiers[0] ?? 'unknown'),
    argv: [...new Set(audits.flatMap(({ hunt }) => hunt?.argv ?? []))],
  };
}

/** The run's own commits are its ticks and what it backed out. */
function othersIn(events: Past, { commits }: RepositoryFacts): string[] | null {
  if (commits === null) return null;
  const known = new Set([
    ...landings(events).map(({ commit }) => commit),
    ...all(events, 'manifest.edited').flatMap(({ commit }) => commit ?? []),
    ...all(events, 'gate.finished').flatMap(({ backedOut }) =>
      backedOut.map(({ commit }) => commit),
    ),
  ]);
  return commits.filter((commit) => !known.has(commit));
}

function objectionsTo(
  { trip, changed, audits, landed, others }: Omit<Receipt, 'objections'>,
  facts: RepositoryFacts,
): Objection[] {
  return [
    ...(trip === null ? [] : [{ what: `the barrier tripped: ${trip.what}`, where: trip.where }]),
    ...changed.map((path) => ({ what: 'it is not what the run was begun with', where: path })),
    ...audits.flatMap((audit) => [breachIn(audit) ?? [], disputed(audit, facts)].flat()),
    ...landed.flatMap(({ unit, commit, hidden }) =>
      hidden === null
        ? [{ what: `work of ${unit} is not in the repository any more`, where: commit }]
        : hidden.map((path) => ({
            what: `work of ${unit} changes a spec directory`,
            where: `${path} in ${commit}`,
          })),
    ),
    ...(others === null
      ? [{ what: 'the commits of the run branch are not in the repository any more', where: 'git' }]
      : []),
  ];
}

/** Where the repository says something else of a base than its audit did. */
function disputed({ base, clean, tree }: BaseAudit, { bases }: RepositoryFacts): Objection[] {
  const again = bases.get(base) ?? null;
  if (again === null)
    return [
      { what: 'a commit that agents worked on is not in the repository any more', where: base },
    ];
  return [
    ...(again.tree === tree && again.clean === clean
      ? []
      : [
          {
            what: 'the clean base that agents got is another than the repository gives',
            where: base,
          },
        ]),
    ...again.shared.map(({ blob, holdout }) => ({
      what: `agents' repository held ${holdout}, byte for byte`,
      where: `object ${blob}`,
    })),
  ];
}
