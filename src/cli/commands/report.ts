import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Problem } from '../../domain/index.ts';
import {
  digestOf,
  htmlReport,
  junitReport,
  markdownReport,
  type Digested,
  type SummaryExtras,
} from '../../report/index.ts';
import { isOver } from '../../journal/index.ts';
import { EXIT } from '../exit.ts';
import { isNamedWrong } from '../machine.ts';
import { lastRunOf, type LastRun } from '../project/last-run.ts';
import { runBranchOf } from '../project/run-branch.ts';
import { unrecorded } from '../project/unrecorded.ts';
import { diskLeft } from '../telling/disk-left.ts';
import { workPlaceOf } from '../telling/work-place.ts';
import { picturesIn } from '../telling/pictures.ts';
import { receiptIn } from '../telling/receipt-view.ts';
import { refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

export interface ReportArguments {
  readonly spec: string | undefined;
  readonly format: ReportFormat;
  /** File to write instead of stdout. */
  readonly output: string | undefined;
}

export type ReportFormat = 'html' | 'md' | 'junit' | 'json';

/** Renders the last run of a spec; also while it goes on. */
export async function report(
  world: World,
  { spec, format, output }: ReportArguments,
): Promise<number> {
  const last = await lastRunOf(world, spec);
  if (!last.ok) return refuse(world, last.error);
  const { log, view } = last.value;
  const { left = [] } = view;
  const made =
    log === null ? null : digestOf(log.events, { receipt: await receiptIn(log.dir), left });
  if (log === null || made === null)
    return refuse(
      world,
      refused(unrecorded(last.value, await runBranchOf(world, last.value), 'report')).error,
    );
  const extras = format === 'md' ? await placesOf(world, last.value) : {};
  const text = await render(made, { format, runDir: log.dir, extras });
  if (output === undefined) {
    world.stdout.write(text);
    return EXIT.completed;
  }
  const file = resolve(world.cwd, output);
  try {
    await writeFile(file, text);
  } catch (error) {
    if (!isNamedWrong(error)) throw error;
    return refuse(world, refused(noFile(output, error)).error);
  }
  world.stderr.write(`${file}\n`);
  return EXIT.completed;
}

interface Rendering {
  readonly format: ReportFormat;
  readonly runDir: string;
  /** What only Markdown tells, as it reads on the machine of the run. */
  readonly extras: SummaryExtras;
}

/** Where everything of a run is, and what it takes up. */
async function placesOf(world: World, last: LastRun): Promise<SummaryExtras> {
  const { project, location, log } = last;
  const place = await workPlaceOf(world, last);
  if (log === null) return place;
  const left = { project, spec: location.name, runDir: log.dir, over: isOver(log.events) };
  return { ...place, runDir: log.dir, disk: await diskLeft(world, left) };
}

/** A digested run in one of the formats. */
async function render(made: Digested, { format, runDir, extras }: Rendering): Promise<string> {
  switch (format) {
    case 'html':
      return htmlReport(made.digest, await picturesIn(runDir, made.digest));
    case 'md':
      return markdownReport(made, extras);
    case 'junit':
      return junitReport(made.digest);
    case 'json':
      return `${JSON.stringify(made.digest, null, 2)}\n`;
  }
}

const noFile = (output: string, { code = '' }: NodeJS.ErrnoException): Problem => ({
  where: `--output ${output}`,
  what: `It cannot be written there (${code}).`,
  remedy: 'Name a file in a folder that exists and that you may write to.',
});
