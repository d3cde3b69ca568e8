import { readFile } from 'node:fs/promises';
import type {
  Compiled,
  FrozenCheck,
  Infra,
  Result,
  Scenario,
  Stubs,
  UnitId,
} from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';
import type { Author } from './author.ts';
import { write } from './author.ts';
import { freeze } from './frozen.ts';
import { faultOfCheck, needsService, syntaxFault, testNeedsService } from './inspect.ts';
import { oneLine } from './outcome.ts';
import type { Bench } from './settings.ts';
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

/** Makes a frozen check of every scenario that has none, with one call of the author and one to repair. */
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
      const ready = await freezeStubs(options, { unit, open, prepared });
      const done = new Set(ready.map((check) => check.scenario));
      const rest = open.filter((scenario) => !done.has(scenario.name));
      if (rest.length === 0) return ok({ checks: [...keep, ...ready], broken: [], agent: null });
      const texts = await readScenarios(rest);
      if (!texts.ok) return texts;
      const written = await write(options.author, {
        input: {
          scenarios: texts.value,
          stubs: prepared
            .filter((stub) => rest.some((scenario) => scenario.name === stub.scenario))
            .map(asText),
          kitReference: options.kitReference,
        },
        faultOf: (code) => faultOfCheck(code, options.bench),
        signal,
      });
      if (!written.ok) return written;
      const { good, refused, report, notes } = written.value;
      for (const note of notes) options.note?.(`${unit}: ${oneLine(note)}`);
      const authored: FrozenCheck[] = [];
      for (const [scenario, code] of good) {
        authored.push(await freezeAuthored(options.runDir, { unit, scenario, code }));
      }
      const broken = refused.map(({ scenario, reason }) => ({ scenario, reason: oneLine(reason) }));
      return ok({ checks: [...keep, ...ready, ...authored], broken, agent: report });
    },
  };
}

const freezeAuthored = (
  runDir: string,
  check: { readonly unit: UnitId; readonly scenario: string; readonly code: string },
): Promise<FrozenCheck> =>
  freeze(runDir, {
    ...check,
    extension: '.mjs',
    origin: 'author',
    needsService: needsService(check.code),
  });

/** Stubs that run as they are need no author. */
async function freezeStubs(
  { runDir, bench }: CompilerOptions,
  job: {
    readonly unit: UnitId;
    readonly open: readonly Scenario[];
    readonly prepared: readonly PreparedStub[];
  },
): Promise<FrozenCheck[]> {
  const frozen: FrozenCheck[] = [];
  for (const { name: scenario } of job.open) {
    const stub = job.prepared.find((each) => each.scenario === scenario);
    if (!stub?.extension) continue;
    const { code, extension } = stub;
    if ((await syntaxFault(code, extension, bench)) !== null) continue;
    const need = testNeedsService(code);
    frozen.push(
      await freeze(runDir, {
        unit: job.unit,
        scenario,
        code,
        extension,
        origin: 'stub',
        needsService: need,
      }),
    );
  }
  return frozen;
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
