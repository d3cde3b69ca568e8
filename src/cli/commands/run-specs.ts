import { basename } from 'node:path';
import { aligned } from '../../report/index.ts';
import { allSpecs } from '../project/all-specs.ts';
import { EXIT } from '../exit.ts';
import { tellGithub } from '../telling/github.ts';
import type { World } from '../world.ts';
import { run } from './run.ts';

export interface RunSpecsArguments {
  readonly spec: string | undefined;
  readonly flags: Readonly<Record<string, unknown>> & { readonly all?: unknown };
}

/** Runs a spec, or with `--all` every spec of the project, one after the other; a CI is told of each. */
export async function runSpecs(
  world: World,
  { spec, flags: { all, ...flags } }: RunSpecsArguments,
): Promise<number> {
  if (all !== true) return runOne(world, spec, flags);
  if (spec !== undefined) {
    world.stderr.write(`--all runs every spec: leave out ${spec}, or --all.\n`);
    return EXIT.invalid;
  }
  const specs = await allSpecs(world);
  if (specs.length === 0) {
    world.stderr.write('There is no spec here: run it in a project with .start/specs/.\n');
    return EXIT.invalid;
  }
  const codes: number[] = [];
  for (const dir of specs) {
    codes.push(await runOne(world, dir, flags));
    if (isInterrupted(codes.at(-1))) break;
  }
  const words = specs.map((dir, at) => [
    basename(dir),
    meaning(codes[at]),
    String(codes[at] ?? '–'),
  ]);
  world.stderr.write(`\n${aligned([['spec', 'outcome', 'exit'], ...words]).join('\n')}\n`);
  return worst(codes);
}

async function runOne(
  world: World,
  spec: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const code = await run(world, { spec, flags });
  // After a refusal the last run is an earlier one, and none of this call's.
  if (flags['dryRun'] !== true && code !== EXIT.invalid) await tellGithub(world, spec);
  return code;
}

const MEANINGS: Readonly<Record<number, string>> = {
  [EXIT.completed]: 'completed',
  [EXIT.failed]: 'failed',
  [EXIT.waiting]: 'waiting for a decision',
  [EXIT.exhausted]: 'budget exhausted, resumable',
  [EXIT.stopped]: 'stopped, resumable',
  [EXIT.invalid]: 'invalid input',
  [EXIT.bug]: 'our bug',
  [EXIT.tripped]: 'the barrier tripped',
  [EXIT.hungUp]: 'interrupted',
  [EXIT.interrupted]: 'interrupted',
  [EXIT.terminated]: 'interrupted',
};

const meaning = (code: number | undefined): string =>
  code === undefined ? 'not started' : (MEANINGS[code] ?? 'ended otherwise');

const isInterrupted = (code: number | undefined): boolean => meaning(code) === 'interrupted';

/** From bad to worse, as the README tells it; what is not among them is an interruption, which is worse than all. */
const RANKS: readonly number[] = [
  EXIT.completed,
  EXIT.failed,
  EXIT.waiting,
  EXIT.exhausted,
  EXIT.stopped,
  EXIT.invalid,
  EXIT.bug,
  EXIT.tripped,
];

function worst(codes: readonly number[]): number {
  const rank = (code: number) => (RANKS.includes(code) ? RANKS.indexOf(code) : RANKS.length);
  return codes.reduce(
    (bad, code) => (rank(code) > rank(bad) ? code : bad),
    EXIT.completed as number,
  );
}
