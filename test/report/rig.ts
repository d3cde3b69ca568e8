import type { Attempt, Plan, RunEvent, RunFact, RunState } from '../../src/domain/index.ts';
import { replay, unitId } from '../../src/domain/index.ts';
import { chronicleOf, type RunView } from '../../src/report/index.ts';

const spec = '001-bookshelf';

export const plan = (over: Partial<Plan> = {}): Plan => ({
  spec,
  title: 'A bookshelf service',
  threshold: 0.9,
  maxIterations: 3,
  requireP0: true,
  slots: 2,
  infra: { retries: 2, backoffMs: 1 },
  evaluation: 'checks',
  service: 'possible',
  status: 'pending',
  groups: [
    { number: 1, mode: 'parallel', units: [unitId('shelf'), unitId('search')] },
    { number: 2, mode: 'sequential', units: [unitId('api')] },
  ],
  units: [
    unit('shelf', 'Shelf', ['add-book', 'delete-book']),
    unit('search', '本棚を検索', ['find']),
    { ...unit('api', 'HTTP | API', ['health']), after: [unitId('shelf'), unitId('search')] },
  ],
  ...over,
});

export const unit = (
  id: string,
  title: string,
  scenarios: readonly string[],
): Plan['units'][number] => ({
  id: unitId(id),
  title,
  after: [],
  done: false,
  scenarios: scenarios.map((name) => ({ name, priority: 'P1', sealed: false })),
});

const agent = (costUsd: number | null) => ({
  agent: 'test',
  outcome: 'ok' as const,
  usage: { costUsd, inputTokens: null, outputTokens: null },
  ms: 1,
  transcript: 't',
});

export const started = (over: Partial<Plan> = {}): RunFact => ({
  type: 'run.started',
  plan: plan(over),
  branch: `factory/${spec}`,
  base: '0123456789abcdef',
  inputs: {},
});

interface Round {
  readonly iteration?: number;
  readonly attempt?: number;
  readonly costUsd?: number | null;
}

/** A code run that ends landed. */
export function coded(id: string, round: Round = {}): RunFact[] {
  const { iteration = 1, attempt = iteration, costUsd = 0.1 } = round;
  const of = { unit: unitId(id), iteration, attempt };
  return [
    { type: 'code.started', ...of, base: 'b' },
    { type: 'code.finished', ...of, commit: 'c', files: 2, agent: agent(costUsd) },
    { type: 'land.started', unit: of.unit },
    { type: 'land.finished', unit: of.unit, commit: `landed-${id}-x`, files: 2, serverSide: true },
  ];
}

/** An evaluation: scenario → outcome, with a symptom for each failure. */
const tried = (...outcomes: readonly Attempt['outcome'][]): Attempt[] =>
  outcomes.map((outcome, at) => ({ outcome, on: at < 3 ? 'group' : 'side', ms: 100 }));

const ATTEMPTS = {
  passed: tried('passed', 'passed', 'passed'),
  failed: tried('failed', 'failed', 'failed', 'failed', 'failed', 'failed'),
};

export function evaluated(
  id: string,
  iteration: number,
  outcomes: Readonly<Record<string, 'passed' | 'failed' | 'inconclusive'>>,
): RunFact[] {
  const of = { unit: unitId(id), iteration, commit: 'c' };
  const failed = Object.values(outcomes).includes('failed');
  return [
    { type: 'evaluation.started', ...of },
    {
      type: 'evaluation.finished',
      ...of,
      scenarios: Object.entries(outcomes).map(([name, outcome]) => ({
        name,
        outcome,
        attempts: outcome === 'inconclusive' ? [] : ATTEMPTS[outcome],
      })),
      symptoms: failed ? ['GET /health: returned status 404'] : [],
      agent: null,
    },
  ];
}

export function gated(group: number, ids: readonly string[]): RunFact[] {
  const units = ids.map(unitId);
  return [
    { type: 'gate.started', group, units },
    {
      type: 'gate.finished',
      group,
      steps: [
        { name: 'verify', outcome: 'passed', detail: '', tests: { passed: 42, failed: 0 } },
        { name: 'regression', outcome: 'passed', detail: 'nothing run again', reused: true },
      ],
      blamed: [],
      commit: 'c',
      escalated: [],
      waiting: [],
      agents: [],
      backedOut: [],
      violations: [],
      holding: units,
      proven: true,
      through: true,
    },
    { type: 'manifest.editing', tick: units, status: 'in_progress', before: 'b', after: 'a' },
    { type: 'manifest.edited', tick: units, status: 'in_progress', commit: 'm' },
  ];
}

/** The first group done, `shelf` in two iterations. */
export const firstGroup: readonly RunFact[] = [
  started(),
  { type: 'group.started', group: 1 },
  ...coded('shelf'),
  ...coded('search'),
  ...evaluated('shelf', 1, { 'add-book': 'passed', 'delete-book': 'failed' }),
  ...evaluated('search', 1, { find: 'passed' }),
  ...coded('shelf', { iteration: 2, costUsd: 0.25 }),
  ...evaluated('shelf', 2, { 'add-book': 'passed', 'delete-book': 'passed' }),
  ...gated(1, ['shelf', 'search']),
  { type: 'group.finished', group: 1 },
];

/** The first group, then a unit of the second that no check could measure. */
export const escalated: readonly RunFact[] = [
  ...firstGroup,
  { type: 'group.started', group: 2 },
  ...coded('api', { costUsd: null }),
  ...evaluated('api', 1, { health: 'inconclusive' }),
];

/** Facts as a journal holds them, a second apart. */
export const journal = (facts: readonly RunFact[]): RunEvent[] =>
  facts.map((fact, index) => ({
    seq: index + 1,
    at: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
    run: 'r1',
    ...fact,
  }));

export function stateOf(facts: readonly RunFact[]): RunState {
  const state = replay(journal(facts));
  if (state === null) throw new Error('no events');
  return state;
}

export const viewOf = (facts: readonly RunFact[]): RunView => ({
  state: stateOf(facts),
  chronicle: chronicleOf(journal(facts)),
});
