import type { Observation as Seen } from '../../barrier/index.ts';
import type { FrozenCheck, ScenarioResult, UnitId } from '../../domain/index.ts';
import { err } from '../../domain/index.ts';
import type { AttemptRecord, Ground } from '../attempt/attempt.ts';
import { attempt } from '../attempt/attempt.ts';
import { lacking } from '../attempt/browser.ts';
import { clientAt } from '../attempt/clients.ts';
import { keepEvidence } from '../attempt/evidence.ts';
import { unseal } from '../checks/frozen.ts';
import { decide } from '../attempt/outcome.ts';
import { toldBy } from '../attempt/part.ts';
import type { Grounds } from './grounds.ts';
import { putBack } from '../attempt/reset.ts';
import type { Bench } from '../settings.ts';

/** How often a scenario is run, and run again where it is in doubt. */
const RUNS = 3;

export interface Trial {
  readonly runDir: string;
  readonly bench: Bench;
  readonly unit: UnitId;
  /** Code run of the unit, or the occasion: names the evidence. */
  readonly iteration: number | string;
  readonly commit: string;
  readonly grounds: Grounds;
  /** How often it is run before any doubt; default 3. */
  readonly runs?: number;
  readonly signal: AbortSignal;
}

export interface Verdict {
  readonly result: ScenarioResult;
  /** One observation for each failed attempt that decided; empty unless the scenario failed. */
  readonly culprits: readonly Seen[];
}

/**
 * Three runs on the group's service, two of which must pass; a scenario that fails gets three more, each on a fresh side
 * instance, and those decide. Throws `NoProduct`.
 */
export async function tryScenario(trial: Trial, check: FrozenCheck): Promise<Verdict> {
  const first = await onGroup(trial, check);
  const confirmed = decide(first) === 'failed' ? await onSide(trial, check) : null;
  const deciding = confirmed?.ok === true ? confirmed.records : first;
  const outcome = trial.signal.aborted ? 'inconclusive' : decide(deciding);
  const records = confirmed?.ok === true ? [...first, ...confirmed.records] : first;
  const broken = deciding.find((record) => record.outcome === 'broken');
  const reason = outcome === 'inconclusive' ? (broken?.reason ?? 'interrupted') : null;
  const doubt = confirmed?.ok === false ? `not confirmed: ${confirmed.detail}` : null;
  const { unit, iteration, commit, runDir } = trial;
  const evidence = await keepEvidence(
    runDir,
    { unit, iteration },
    {
      scenario: check.scenario,
      commit,
      outcome,
      reason: reason ?? doubt,
      check,
      attempts: records,
    },
  );
  const result: ScenarioResult = {
    name: check.scenario,
    outcome,
    attempts: records.map(({ outcome: each, on, ms }) => ({ outcome: each, on, ms })),
    ...(reason !== null && { reason }),
    evidence,
  };
  return { result, culprits: outcome === 'failed' ? culpritsOf(deciding) : [] };
}

function culpritsOf(records: readonly AttemptRecord[]): Seen[] {
  return records.flatMap((record) => {
    const found = record.outcome === 'failed' ? toldBy(record.observations, record.fault) : null;
    return found ? [found] : [];
  });
}

async function onGroup(trial: Trial, check: FrozenCheck): Promise<AttemptRecord[]> {
  const { grounds, runs = RUNS } = trial;
  const once = (turn: number): Promise<AttemptRecord> =>
    check.needsService
      ? runOnce(trial, check, { ground: grounds.shared(), turn })
      : runOnce(trial, check, { ground: grounds.alone('group'), turn });
  // On the shared service one after the other: what passes the proxy then belongs to this attempt.
  if (!check.needsService)
    return Promise.all(Array.from({ length: runs }, (_, turn) => once(turn)));
  const records: AttemptRecord[] = [];
  while (records.length < runs) records.push(await once(records.length));
  return records;
}

type Confirmation =
  | { readonly ok: true; readonly records: AttemptRecord[] }
  | { readonly ok: false; readonly detail: string };

/** Where no side instance can be had the doubt stays, and the first verdict with it. */
async function onSide(trial: Trial, check: FrozenCheck): Promise<Confirmation> {
  const { grounds, commit } = trial;
  const records: AttemptRecord[] = [];
  while (records.length < RUNS) {
    const turn = records.length;
    if (!check.needsService) {
      records.push(await runOnce(trial, check, { ground: grounds.alone('side'), turn }));
      continue;
    }
    const made = await grounds.side(commit, (ground) => runOnce(trial, check, { ground, turn }));
    if (!made.ok) return { ok: false, detail: made.error.detail };
    records.push(made.value);
  }
  return { ok: true, records };
}

async function runOnce(
  trial: Trial,
  check: FrozenCheck,
  { ground, turn }: { readonly ground: Ground; readonly turn: number },
): Promise<AttemptRecord> {
  const { runDir, bench, signal } = trial;
  const lack = lacking(check, bench);
  const source = lack === null ? await unseal(runDir, check) : err(lack);
  if (source.ok) {
    const before = () => putBack({ bench, ground, signal });
    return attempt({
      bench,
      check,
      source: source.value,
      ground,
      before,
      signal,
      ...clientAt(turn),
    });
  }
  const nothing = { ms: 0, exit: null, observations: [], fault: null, output: '' };
  return { outcome: 'broken', reason: source.error, on: ground.on, ...nothing };
}
