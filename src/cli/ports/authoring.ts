import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompileTask, UnitId } from '../../domain/index.ts';
import { createCompiler, createSecondOpinion, type Bench } from '../../evaluation/index.ts';
import type { Ports } from '../../orchestrator/index.ts';
import type { Opened } from '../run/open-run.ts';
import { allotted } from './allotted.ts';
import { authorOf } from './author.ts';
import type { EvaluationAgent } from './bare-agent.ts';

type Asking = Pick<CompileTask, 'unit' | 'allotment'>;

/** Checks of scenarios, and the second opinions on them. */
export async function authoring(
  {
    spec,
    stubs,
    log,
    note,
    runs,
  }: Opened & { note: (message: string) => void; runs: Ports['evaluator'] },
  bench: Bench,
  agent: EvaluationAgent,
): Promise<Pick<Ports, 'compiler' | 'opinions'>> {
  const kitReference = await readFile(join(agent.templates, 'kit.md'), 'utf8');
  const options = ({ unit, allotment }: Asking, opinion: 'first' | 'second') => ({
    runDir: log.dir,
    bench,
    kitReference,
    scenarios: (id: UnitId) => spec.scenarios.get(id) ?? [],
    stubs: (id: UnitId) => stubs.get(id) ?? null,
    author: authorOf({ ...agent, caps: allotted(agent.caps, allotment) }, { unit, opinion }),
    note,
  });
  return {
    compiler: {
      compile: (task, signal) =>
        createCompiler(options(task, 'first')).compile(task.unit, task.keep, signal),
    },
    opinions: {
      ask: (task, signal) =>
        createSecondOpinion({ ...options(task, 'second'), evaluator: runs }).ask(task, signal),
    },
  };
}
