import { readFile } from 'node:fs/promises';
import type {
  Compiled,
  FrozenCheck,
  Infra,
  Result,
  Scenario,
  Stubs,
  UnitId,
} from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import type { Author } from './author.ts';
import { write } from './author.ts';
import type { Candidate } from './calibrate.ts';
import { calibrate } from './calibrate.ts';
import { authored, examiner } from './examine.ts';
import { freeze } from './frozen.ts';
import { syntaxFault, testNeedsService } from './inspect.ts';
import { oneLine } from '../attempt/outcome.ts';
import type { Bench } from '../settings.ts';
import type { PreparedStub } from './stubs.ts';
import { asText, prepareStubs } from './stubs.ts';

export interface CompilerOptions {
  /** Folder of the run, absolute; checks are written below it. */
  readonly runDir: string;
  readonly bench: Bench;
  readonly scenarios: (unit: UnitId) => readonly Scenario[];
  /** The unit's parsed stub file, or null. */
  readonly stubs: (unit: UnitId) => Stubs | null;
  readonly author: Author;
  /** Text of `reference/kit.md`. */
  readonly kitReference: string;
  /** Something a person should know that changes nothing. */
  readonly note?: (message: string) => void;
}

/** Makes a calibrated, frozen check of every scenario that has none, with one call of the author and two to repair at most. */
export function createCompiler(options: CompilerOptions): {
  compile(
    unit: UnitId,
    keep: readonly FrozenCheck[],
    signal: AbortSignal,
  ): Promise<Result<Compiled, Infra>>;
} {
  return {
    async compile(unit, keep, signal) {
      const kept = new Set(keep.map((check) => check.scenario));
      const open = options.scenarios(unit).filter((scenario) => !kept.has(scenario.name));
      const stubs = options.stubs(unit);
      const prepared = stubs ? await prepareStubs(stubs) : [];
      const ready = await freezeStubs(options, { unit, open, prepared }, signal);
      if (!ready.ok) return ready;
      const done = new Set(ready.value.map((check) => check.scenario));
      const rest = open.filter((scenario) => !done.has(scenario.name));
      const had = [...keep, ...ready.value];
      if (rest.length === 0) return ok({ checks: had, broken: [], agent: null });
      const written = await authorAll(options, { unit, scenarios: rest, prepared }, signal);
      if (!written.ok) return written;
      const { checks, ...others } = written.value;
      return ok({ checks: [...had, ...checks], ...others });
    },
  };
}

/** Checks by the author, for scenarios whose stubs, where there are any, do not run by themselves. */
async function authorAll(
  options: CompilerOptions,
  job: {
    readonly unit: UnitId;
    readonly scenarios: readonly Scenario[];
    readonly prepared: readonly PreparedStub[];
  },
  signal: AbortSignal,
): Promise<Result<Compiled, Infra>> {
  const { runDir, bench, author, kitReference, note } = options;
  const { unit, scenarios, prepared } = job;
  const texts = await readScenarios(scenarios);
  if (!texts.ok) return texts;
  const written = await write(author, {
    input: {
      scenarios: texts.value,
      stubs: prepared
        .filter((stub) => scenarios.some((scenario) => scenario.name === stub.scenario))
        .map(asText),
      kitReference,
      reset: bench.reset !== undefined,
    },
    examine: examiner(bench, signal),
    signal,
  });
  if (!written.ok) return written;
  const { good, refused, report, notes } = written.value;
  for (const each of notes) note?.(`${unit}: ${oneLine(each)}`);
  const checks: FrozenCheck[] = [];
  for (const [scenario, { code, calibration }] of good)
    checks.push(await freeze(runDir, { unit, ...authored(scenario, code), calibration }));
  const broken = refused.map(({ scenario, reason }) => ({ scenario, reason: oneLine(reason) }));
  return ok({ checks, broken, agent: report });
}

/** Stubs that run as they are need no author; those that cannot fail, or do not parse, are for the author to read. */
async function freezeStubs(
  { runDir, bench, note }: CompilerOptions,
  job: {
    readonly unit: UnitId;
    readonly open: readonly Scenario[];
    readonly prepared: readonly PreparedStub[];
  },
  signal: AbortSignal,
): Promise<Result<readonly FrozenCheck[], Infra>> {
  const candidates: Candidate[] = [];
  for (const { name: scenario } of job.open) {
    const stub = job.prepared.find((each) => each.scenario === scenario);
    if (!stub?.extension) continue;
    const { code, extension } = stub;
    if ((await syntaxFault(code, extension, bench)) !== null) continue;
    const need = testNeedsService(code);
    candidates.push({ scenario, code, extension, origin: 'stub', needsService: need });
  }
  const calibrated = await calibrate(bench, candidates, signal);
  if (!calibrated.ok) return calibrated;
  const frozen: FrozenCheck[] = [];
  for (const [at, { calibration, fault }] of calibrated.value.entries()) {
    const candidate = candidates[at];
    if (candidate === undefined) continue;
    if (fault === null)
      frozen.push(await freeze(runDir, { unit: job.unit, ...candidate, calibration }));
    else
      note?.(
        `${job.unit}: the stub of ${candidate.scenario} goes to the check author, because ${fault}`,
      );
  }
  return ok(frozen);
}

/** The texts of scenarios: nobody else reads them. */
export async function readScenarios(
  scenarios: readonly Scenario[],
): Promise<Result<{ name: string; text: string }[], Infra>> {
  const texts: { name: string; text: string }[] = [];
  for (const { name, file } of scenarios) {
    try {
      texts.push({ name, text: await readFile(file, 'utf8') });
    } catch (error) {
      return err({ detail: `the scenario ${name} cannot be read: ${(error as Error).message}` });
    }
  }
  return ok(texts);
}
