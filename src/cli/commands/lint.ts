import { relative } from 'node:path';
import { ok, type Diagnostic, type Problem, type Result } from '../../domain/index.ts';
import { fixSpec, lintSpec, loadSpec, readTexts, type SpecLocation } from '../../manifest/index.ts';
import { problemText } from '../../report/index.ts';
import { allSpecs } from '../project/all-specs.ts';
import { EXIT } from '../exit.ts';
import { locateSpec } from '../project/project.ts';
import { faultsText } from '../refusal.ts';
import type { World } from '../world.ts';

export interface LintArguments {
  readonly specs: readonly string[];
  readonly json: boolean;
  readonly fix: boolean;
}

/**
 * What specs could do better. Exit 0: nothing to say; 1: findings; 2: a spec has faults that keep a run from starting, which
 * are told instead, or is not there.
 */
export async function lint(world: World, { specs, json, fix }: LintArguments): Promise<number> {
  const found: Found = { diagnostics: [], fixed: [], problems: [], checked: 0 };
  const named = specs.length === 0 ? await allSpecs(world) : specs;
  for (const spec of named) {
    const location = await locateSpec(world, spec);
    const looked = location.ok ? await look(location.value, fix) : location;
    if (!looked.ok) {
      found.problems.push(looked.error);
      continue;
    }
    found.checked += 1;
    found.diagnostics.push(...looked.value.diagnostics);
    found.fixed.push(...looked.value.fixed);
  }
  if (named.length === 0) found.problems.push(nothingThere(world));
  const code = codeOf(found);
  if (json) world.stdout.write(`${JSON.stringify(asJson(found, code), null, 2)}\n`);
  else await tell(world, found, code);
  return code;
}

interface Found {
  readonly diagnostics: Diagnostic[];
  readonly fixed: string[];
  readonly problems: Problem[];
  checked: number;
}

interface Looked {
  readonly diagnostics: readonly Diagnostic[];
  readonly fixed: readonly string[];
}

async function look(location: SpecLocation, fix: boolean): Promise<Result<Looked, Problem>> {
  const diagnostics = await findings(location);
  if (!fix) return ok({ diagnostics, fixed: [] });
  const fixed = await fixSpec(location, diagnostics);
  if (!fixed.ok) return fixed;
  if (fixed.value.length === 0) return ok({ diagnostics, fixed: [] });
  return ok({ diagnostics: await findings(location), fixed: fixed.value });
}

/** Faults come first: what is not valid cannot be read for its craft. */
async function findings(location: SpecLocation): Promise<readonly Diagnostic[]> {
  const { spec, stubs, diagnostics } = await loadSpec(location);
  const texts = spec === null ? null : await readTexts(spec, stubs);
  return texts === null ? diagnostics : [...diagnostics, ...lintSpec(texts)];
}

function codeOf({ diagnostics, problems }: Found): number {
  if (problems.length > 0 || diagnostics.some(({ severity }) => severity === 'error'))
    return EXIT.invalid;
  return diagnostics.some(({ severity }) => severity === 'warning')
    ? EXIT.findings
    : EXIT.completed;
}

const asJson = ({ diagnostics, fixed, problems }: Found, code: number) => ({
  ok: code === EXIT.completed,
  diagnostics,
  fixed,
  problems,
});

async function tell(world: World, found: Found, code: number): Promise<void> {
  const { diagnostics, fixed, problems, checked } = found;
  for (const problem of problems) world.stderr.write(problemText(problem));
  for (const file of fixed) world.stderr.write(`fixed ${relative(world.cwd, file)}\n`);
  if (diagnostics.length > 0) world.stderr.write(await faultsText(world, diagnostics));
  if (code === EXIT.completed)
    world.stderr.write(`${String(checked)} ${checked === 1 ? 'spec' : 'specs'}: nothing to say\n`);
}

const nothingThere = ({ cwd }: World): Problem => ({
  where: cwd,
  what: 'There is no spec here.',
  remedy: 'Make one with: implement-factory new "<what it is about>"',
});
