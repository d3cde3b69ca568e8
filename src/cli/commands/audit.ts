import { isDeepStrictEqual } from 'node:util';
import { alteredObjects } from '../../barrier/index.ts';
import { trailOf, type Problem, type Receipt } from '../../domain/index.ts';
import { loadSpec } from '../../manifest/index.ts';
import { auditText } from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { lastRunOf } from '../project/last-run.ts';
import { runBranchOf } from '../project/run-branch.ts';
import { unrecorded } from '../project/unrecorded.ts';
import { makeReceipt, readReceipt, receiptFile, repositoryOf } from '../run/receipt.ts';
import { faulty, refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

/** Makes the receipt of the last run again, from journal and repository alone, and says where it differs. Needs no network and no agent. */
export async function audit(
  world: World,
  { spec, json }: { spec: string | undefined; json: boolean },
): Promise<number> {
  const last = await lastRunOf(world, spec);
  if (!last.ok) return refuse(world, last.error);
  const { location, view, log } = last.value;
  const no = (problem: Problem) => refuse(world, refused(problem).error);
  if (log === null)
    return no(unrecorded(last.value, await runBranchOf(world, last.value), 'audit'));
  const loaded = await loadSpec(location);
  if (loaded.spec === null) {
    const fault = await faulty(world, loaded.diagnostics);
    return fault.ok ? EXIT.invalid : refuse(world, fault.error);
  }
  const trail = trailOf(log.events, view.state);
  const repo = await repositoryOf(world, last.value, trail);
  if (!repo.ok) return no(repo.error);
  const commits = [...trail.bases, ...trail.landed, trail.base, trail.head];
  const altered = await alteredObjects(repo.value, commits);
  if (altered !== null) return refuse(world, refused(altered, EXIT.failed).error);
  const made = await makeReceipt(repo.value, loaded.spec, log.events);
  if (!made.ok) return refuse(world, refused(made.error, EXIT.stopped).error);
  const file = receiptFile(log.dir);
  const kept = await readReceipt(log.dir);
  const differences = kept.ok
    ? differencesBetween(kept.value, made.value)
    : [{ part: 'receipt', kept: kept.error, now: 'one that can be made' }];
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
