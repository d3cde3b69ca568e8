import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditAgain, bitsOfLine, type Readable } from '../../barrier/index.ts';
import {
  ok,
  receiptOf,
  replay,
  trailOf,
  type Problem,
  type Receipt,
  type Result,
  type RunEvent,
  type Spec,
} from '../../domain/index.ts';
import { openStore } from '../../journal/index.ts';
import type { Opened } from './open-run.ts';
import { changedInputs, inputsOf } from './plan.ts';
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

/** Where a run folder holds its receipt. */
export const receiptFile = (runDir: string): string => join(runDir, 'receipt.json');

/** Whole or not at all. */
async function writeReceipt(runDir: string, receipt: Receipt): Promise<void> {
  const file = receiptFile(runDir);
  await writeFile(`${file}.new`, `${JSON.stringify(receipt, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** Leaves the receipt of a run in its folder, and tells of what speaks against the run beyond a trip that was told. */
export async function leaveReceipt(
  world: World,
  { repo, spec, project, log: { id, dir } }: Opened,
): Promise<void> {
  const log = openStore(project, world.now).readRun({ id, dir });
  const made = log.ok ? await makeReceipt(repo, spec, log.value.events) : log;
  if (!made.ok) {
    world.stderr.write(`receipt: none could be made: ${made.error.what}\n`);
    return;
  }
  await writeReceipt(dir, made.value);
  if (made.value.trip === null)
    for (const { what, where } of made.value.objections)
      world.stderr.write(`receipt: ${what} (${where})\n`);
}
