import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditAgain, bitsOfLine, openForReading, type Readable } from '../../barrier/index.ts';
import {
  err,
  ok,
  Receipt,
  receiptOf,
  replay,
  trailOf,
  type Problem,
  type Result,
  type RunEvent,
  type RunTrail,
  type Spec,
} from '../../domain/index.ts';
import { openStore, type RunEntry, type RunLog } from '../../journal/index.ts';
import { scratchOf } from '../project/project.ts';
import { ownGit } from '../project/user-git.ts';
import { changedInputs, inputsOf } from './plan.ts';
import type { Prepared } from './prepare.ts';
import { readSecrets } from './secrets.ts';
import type { World } from '../world.ts';

/** The receipt of a run as its journal and the repository have it now. */
export async function makeReceipt(
  repo: Readable,
  spec: Spec,
  events: readonly RunEvent[],
): Promise<Result<Receipt, Problem>> {
  const state = replay(events);
  if (state === null) throw new Error('Internal error: a receipt of a run without a beginning');
  const [facts, inputs, secrets] = await Promise.all([
    auditAgain(repo, trailOf(events, state)),
    inputsOf(spec),
    readSecrets(spec),
  ]);
  if (!facts.ok) return facts;
  return ok(
    receiptOf(events, {
      facts: facts.value,
      bits: (unit) => bitsOfLine(secrets.own(unit), state.plan.evaluation),
      changed: changedInputs(state.inputs, inputs),
    }),
  );
}

/** The repository of a run, as its journal tells of it. */
export const repositoryOf = async (
  world: World,
  { project, location }: Pick<Prepared, 'project' | 'location'>,
  trail: RunTrail,
): ReturnType<typeof openForReading> =>
  openForReading({
    project,
    mode: trail.branch === '' ? 'none' : 'branch',
    scratch: join(scratchOf(world, project), location.name),
    path: world.env['PATH'] ?? '',
    own: await ownGit(world, project),
    hidden: trail.hidden,
    head: trail.head,
  });

/** Where a run folder holds its receipt. */
export const receiptFile = (runDir: string): string => join(runDir, 'receipt.json');

/** The receipt that a run has left; else what is there in its place. */
export async function readReceipt(runDir: string): Promise<Result<Receipt, string>> {
  const text = await readFile(receiptFile(runDir), 'utf8').catch(() => null);
  if (text === null) return err(NONE);
  try {
    const parsed = Receipt.safeParse(JSON.parse(text));
    return parsed.success ? ok(parsed.data) : err('one that is no receipt');
  } catch {
    // Cut off, or written by somebody else.
    return err('one that is no JSON');
  }
}

const NONE = 'none: the run did not come to leave one';

/** Whole or not at all. */
async function writeReceipt(runDir: string, receipt: Receipt): Promise<void> {
  const file = receiptFile(runDir);
  await writeFile(`${file}.new`, `${JSON.stringify(receipt, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** A run whose process comes to its end. */
interface Ended extends Pick<Prepared, 'spec' | 'project'> {
  readonly repo: Readable;
  readonly log: RunEntry;
}

/** Leaves the receipt of a run in its folder, and tells of what speaks against the run beyond a trip that was told. */
export async function leaveReceipt(
  world: World,
  { repo, spec, project, log: { id, dir } }: Ended,
): Promise<void> {
  const log = openStore(project, world.now).readRun({ id, dir });
  const made = log.ok ? await makeReceipt(repo, spec, log.value.events) : log;
  await leave(world, dir, made);
}

/** The receipt of a run whose process was killed between its last line and this. Whoever calls holds the lock of its spec. */
export async function leaveMissingReceipt(
  world: World,
  prepared: Pick<Prepared, 'project' | 'location' | 'spec'>,
  { dir, events }: RunLog,
): Promise<void> {
  const kept = await readReceipt(dir);
  // What somebody else has made of it is for `audit` to tell.
  if (kept.ok ? kept.value.outcome !== 'unfinished' : kept.error !== NONE) return;
  const state = replay(events);
  if (state === null) return;
  const repo = await repositoryOf(world, prepared, trailOf(events, state));
  await leave(world, dir, repo.ok ? await makeReceipt(repo.value, prepared.spec, events) : repo);
}

async function leave(world: World, dir: string, made: Result<Receipt, Problem>): Promise<void> {
  if (!made.ok) {
    world.stderr.write(`receipt: none could be made: ${made.error.what}\n`);
    return;
  }
  await writeReceipt(dir, made.value);
  if (made.value.trip === null)
    for (const { what, where } of made.value.objections)
      world.stderr.write(`receipt: ${what} (${where})\n`);
}
