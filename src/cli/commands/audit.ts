import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { alteredObjects, openForReading } from '../../barrier/index.ts';
import { err, ok, Receipt, trailOf, type Problem, type Result } from '../../domain/index.ts';
import { loadSpec } from '../../manifest/index.ts';
import { auditText } from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { lastRunOf } from '../project/last-run.ts';
import { scratchOf } from '../project/project.ts';
import { runBranchOf } from '../project/run-branch.ts';
import { unrecorded } from '../project/unrecorded.ts';
import { makeReceipt, receiptFile } from '../run/receipt.ts';
import { faulty, refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

/** Makes the receipt of the last run again, from journal and repository alone, and says where it differs. Needs no network and no agent. */
export async function audit(
  world: World,
  { spec, json }: { spec: string | undefined; json: boolean },
): Promise<number> {
  const last = await lastRunOf(world, spec);
  if (!last.ok) return refuse(world, last.error);
  const { project, location, view, log } = last.value;
  const no = (problem: Problem) => refuse(world, refused(problem).error);
  if (log === null)
    return no(unrecorded(last.value, await runBranchOf(world, last.value), 'audit'));
  const loaded = await loadSpec(location);
  if (loaded.spec === null) {
    const fault = await faulty(world, loaded.diagnostics);
    return fault.ok ? EXIT.invalid : refuse(world, fault.error);
  }
  const trail = trailOf(log.events, view.state);
  const repo = await openForReading({
    project,
    mode: trail.branch === '' ? 'none' : 'branch',
    scratch: join(scratchOf(world, project), location.name),
    path: world.env['PATH'] ?? '',
    hidden: trail.hidden,
    head: trail.head,
  });
  if (!repo.ok) return no(repo.error);
  const commits = [...trail.bases, ...trail.landed, trail.base, trail.head];
  const altered = await alteredObjects(repo.value, commits);
  if (altered !== null) return refuse(world, refused(altered, EXIT.failed).error);
  const made = await makeReceipt(repo.value, loaded.spec, log.events);
  if (!made.ok) return refuse(world, refused(made.error, EXIT.stopped).error);
  const file = receiptFile(log.dir);
  const kept = await readReceipt(file);
  const differences = kept.ok ? differencesBetween(kept.value, made.value) : [kept.error];
  const receipt = made.value;
  const agrees = differences.length === 0 && receipt.objections.length === 0;
  world.stdout.write(
    json
      ? `${JSON.stringify({ ok: agrees, file, differences, receipt }, null, 2)}\n`
      : auditText(receipt, { differences, file }),
  );
  if (receipt.outcome === 'invalid') return EXIT.tripped;
  return agrees ? EXIT.completed : EXIT.failed;
}

/** A part of the receipt that is not what journal and repository say. */
interface Difference {
  readonly part: string;
  readonly kept: unknown;
  readonly now: unknown;
}

function differencesBetween(kept: Receipt, now: Receipt): readonly Difference[] {
  const parts = Object.keys(now) as (keyof Receipt)[];
  return parts
    .filter((part) => !isDeepStrictEqual(kept[part], now[part]))
    .map((part) => ({ part, kept: kept[part], now: now[part] }));
}

async function readReceipt(file: string): Promise<Result<Receipt, Difference>> {
  const none = (kept: string) => err({ part: 'receipt', kept, now: 'one that can be made' });
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return none('none: the run did not come to leave one');
  try {
    const parsed = Receipt.safeParse(JSON.parse(text));
    return parsed.success ? ok(parsed.data) : none('one that is no receipt');
  } catch {
    // Cut off, or written by somebody else.
    return none('one that is no JSON');
  }
}
