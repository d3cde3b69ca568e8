import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Problem } from '../../domain/index.ts';
import {
  digestOf,
  htmlReport,
  junitReport,
  markdownReport,
  type Digested,
} from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { lastRunOf } from '../project/last-run.ts';
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
  const { log, location, view } = last.value;
  const { left = [] } = view;
  const made =
    log === null ? null : digestOf(log.events, { receipt: await receiptIn(log.dir), left });
  if (log === null || made === null) return refuse(world, refused(neverRun(location.name)).error);
  const text = await render(made, format, log.dir);
  if (output === undefined) {
    world.stdout.write(text);
    return EXIT.completed;
  }
  const file = resolve(world.cwd, output);
  await writeFile(file, text);
  world.stderr.write(`${file}\n`);
  return EXIT.completed;
}

/** A digested run in one of the formats. */
async function render(made: Digested, format: ReportFormat, runDir: string): Promise<string> {
  switch (format) {
    case 'html':
      return htmlReport(made.digest, await picturesIn(runDir, made.digest));
    case 'md':
      return markdownReport(made, { runDir });
    case 'junit':
      return junitReport(made.digest);
    case 'json':
      return `${JSON.stringify(made.digest, null, 2)}\n`;
  }
}

const neverRun = (spec: string): Problem => ({
  where: spec,
  what: 'It was never run here, so there is nothing to report.',
  remedy: `Run it: implement-factory run ${spec}`,
});
