import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnitId } from '../../domain/index.ts';
import { createCompiler, createSecondOpinion, type Bench } from '../../evaluation/index.ts';
import type { Ports } from '../../orchestrator/index.ts';
import type { Opened } from '../open-run.ts';
import { authorOf } from './author.ts';
import type { EvaluationAgent } from './bare-agent.ts';

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
  const options = (unit: UnitId, opinion: 'first' | 'second') => ({
    runDir: log.dir,
    bench,
    kitReference,
    scenarios: (id: UnitId) => spec.scenarios.get(id) ?? [],
    stubs: (id: UnitId) => stubs.get(id) ?? null,
    author: authorOf(agent, { unit, opinion }),
    note,
  });
  return {
    compiler: {
      compile: (unit, keep, signal) =>
        createCompiler(options(unit, 'first')).compile(unit, keep, signal),
    },
    opinions: {
      ask: (task, signal) =>
        createSecondOpinion({ ...options(task.unit, 'second'), evaluator: runs }).ask(task, signal),
    },
  };
}
