import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  proofsOf,
  replay,
  type FrozenCheck,
  type Inherited,
  type RunFact,
  type RunState,
} from '../../domain/index.ts';
import type { RunLog, Store } from '../../journal/index.ts';
import { sha256 } from '../../manifest/index.ts';
import { changedInputs } from './plan.ts';

/** What is about to begin. */
type Started = Extract<RunFact, { type: 'run.started' }>;

export interface Legacy {
  readonly inherited: readonly Inherited[];
  /** Text of each check, by its path in a run folder. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Checks by which earlier runs completed what is ticked now, as far as its scenarios are what they were: nobody is asked to write them again, and
 * what they saw must hold still.
 */
export async function legacyOf(store: Store, spec: string, next: Started): Promise<Legacy> {
  const texts = new Map<string, string>();
  const found = lastLog(store, spec);
  if (found === null || next.plan.evaluation !== 'checks') return { inherited: [], texts };
  const { log, state } = found;
  const inputs = startOf(log)?.inputs ?? {};
  const inherited: Inherited[] = [];
  for (const { unit, checks } of proofsOf(state)) {
    const planned = next.plan.units.find(({ id, done }) => id === unit && done);
    const completed = state.units.some(
      (record) => record.id === unit && record.state.phase === 'completed',
    );
    if (planned === undefined || !completed || !sameScenarios(inputs, next.inputs, unit)) continue;
    const kept: FrozenCheck[] = [];
    for (const check of checks.filter(({ needsService }) => !needsService || serves(next, state))) {
      const text = await readFile(join(log.dir, check.file), 'utf8').catch(() => null);
      if (text === null || sha256(text) !== check.sha256) continue;
      texts.set(check.file, text);
      kept.push(check);
    }
    if (kept.length > 0) inherited.push({ unit, checks: kept });
  }
  return { inherited, texts };
}

/** Puts the checks where a run looks for its own. */
export async function settleLegacy({ texts }: Legacy, runDir: string): Promise<void> {
  for (const [file, text] of texts) {
    await mkdir(dirname(join(runDir, file)), { recursive: true });
    await writeFile(join(runDir, file), text);
  }
}

function lastLog(store: Store, spec: string): { log: RunLog; state: RunState } | null {
  const last = store.lastRun(spec);
  if (!last.ok || last.value === null) return null;
  const log = store.readRun(last.value);
  const state = log.ok ? replay(log.value.events) : null;
  return log.ok && state !== null ? { log: log.value, state } : null;
}

const startOf = ({ events }: RunLog): Started | undefined =>
  events.find((event) => event.type === 'run.started');

/** Whether a run can start the product by itself: what a person answered in an earlier one is not known to it. */
const serves = ({ plan }: Started, { serviceStart }: RunState): boolean =>
  plan.service === 'possible' && serviceStart === null;

const sameScenarios = (
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  unit: string,
): boolean => !changedInputs(before, now).some((path) => path.startsWith(`scenarios/${unit}/`));
