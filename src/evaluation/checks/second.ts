import type {
  Compiled,
  Doubt,
  FrozenCheck,
  HeardOpinion,
  Infra,
  Opinions,
  OpinionTask,
  Result,
} from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import type { CompilerOptions } from './compiler.ts';
import { createCompiler } from './compiler.ts';
import type { createEvaluator } from '../verdict/evaluator.ts';

/** `author` must be another session than the one whose checks are in doubt. */
export interface SecondOpinionOptions extends CompilerOptions {
  /** The one that the first checks run on, so that attempts keep out of each other's way. */
  readonly evaluator: ReturnType<typeof createEvaluator>;
}

/** Has scenarios compiled again by an author who has seen no check of them, and runs what comes of it on the same product. */
export function createSecondOpinion(options: SecondOpinionOptions): {
  ask(task: OpinionTask, signal: AbortSignal): Promise<Result<Opinions, Infra>>;
} {
  return {
    async ask(task, signal) {
      const { unit, iteration, commit, doubts } = task;
      const made = await compileAnew(options, task, signal);
      if (!made.ok) return made;
      const { checks: fresh, broken, agent } = made.value;
      const checks = [...doubts.flatMap(({ second }) => second ?? []), ...fresh];
      const measured = await options.evaluator.evaluate(
        { unit, iteration, commit, checks, broken: [] },
        signal,
      );
      if (!measured.ok) return err({ ...measured.error, ...(agent !== null && { agent }) });
      const opinions = doubts.map(({ check: { scenario, sha256: on } }): HeardOpinion => {
        const check = checks.find((each) => each.scenario === scenario) ?? null;
        if (check === null) {
          const reason = broken.find((each) => each.scenario === scenario)?.reason;
          return { scenario, on, check, result: null, ...(reason !== undefined && { reason }) };
        }
        const result = measured.value.scenarios.find(({ name }) => name === scenario) ?? null;
        return { scenario, on, check, result };
      });
      return ok({ opinions, agent });
    },
  };
}

/** A stub that is the check in doubt is nothing that another author may see. */
function compileAnew(
  options: SecondOpinionOptions,
  { unit, doubts }: OpinionTask,
  signal: AbortSignal,
): Promise<Result<Compiled, Infra>> {
  const open = new Map(doubts.filter(isNew).map(({ check }) => [check.scenario, check.origin]));
  const anew = createCompiler({
    ...options,
    scenarios: (id) => options.scenarios(id).filter(({ name }) => open.has(name)),
    stubs(id) {
      const file = options.stubs(id);
      if (file === null) return null;
      return { ...file, stubs: file.stubs.filter(({ scenario }) => open.get(scenario) !== 'stub') };
    },
  });
  return anew.compile(unit, [] satisfies FrozenCheck[], signal);
}

const isNew = ({ second }: Doubt): boolean => second === null;
