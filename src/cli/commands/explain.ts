import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bitsOfLine } from '../../barrier/index.ts';
import type { RunEvent, UnitId } from '../../domain/index.ts';
import { loadSpec } from '../../manifest/index.ts';
import {
  checksJson,
  courseOf,
  EvidenceFile,
  historiesOf,
  toldTo,
  unitText,
  type Explained,
} from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { lastRunOf, type LastRun } from '../project/last-run.ts';
import { refuse, refused } from '../refusal.ts';
import { readSecrets } from '../run/secrets.ts';
import type { World } from '../world.ts';

export interface ExplainArguments {
  readonly spec: string;
  readonly unit: string;
  readonly json: boolean;
}

/** Why a unit passed or failed, from the journal and the evidence of its last run; also while it goes on. */
export async function explain(
  world: World,
  { spec, unit, json }: ExplainArguments,
): Promise<number> {
  const last = await lastRunOf(world, spec);
  if (!last.ok) return refuse(world, last.error);
  const { location, view, log } = last.value;
  const known = view.state.units.find(({ id }) => id === unit);
  if (known === undefined) {
    const units = view.state.units.map(({ id }) => id).join(', ');
    const what = `It has no unit "${unit}".`;
    return refuse(
      world,
      refused({ where: location.name, what, remedy: `Its units: ${units}` }).error,
    );
  }
  const events = log?.events ?? [];
  const of: Explained = {
    unit: known.id,
    state: view.state,
    events,
    evidence: log === null ? new Map() : await evidenceOf(log.dir, events),
    bitsOfLine: await bitsOf(last.value, known.id),
    runFolder: log?.dir ?? null,
  };
  if (!json) {
    world.stdout.write(unitText(of));
    return EXIT.completed;
  }
  const histories = historiesOf(events).filter((each) => each.unit === unit);
  const { checks } = checksJson({ spec: location.name, runFolder: log?.dir ?? null, histories });
  const said = {
    spec: location.name,
    unit,
    state: known.state,
    feedback: toldTo(of),
    course: courseOf(known.id, events),
  };
  const files = Object.fromEntries(of.evidence);
  world.stdout.write(`${JSON.stringify({ ...said, checks, evidence: files }, null, 2)}\n`);
  return EXIT.completed;
}

/** By the unit spec as it is now. */
async function bitsOf({ location, view }: LastRun, unit: UnitId): Promise<number | null> {
  const { spec } = await loadSpec(location);
  if (spec === null) return null;
  return bitsOfLine((await readSecrets(spec)).own(unit), view.state.plan.evaluation);
}

/** What can be read; a file that is gone or torn is told as such. */
async function evidenceOf(
  dir: string,
  events: readonly RunEvent[],
): Promise<ReadonlyMap<string, EvidenceFile>> {
  const found = new Map<string, EvidenceFile>();
  const results = historiesOf(events).flatMap(({ measurements }) =>
    measurements.flatMap(({ result, opinion }) => [result, opinion?.result]),
  );
  for (const path of results.flatMap((result) => result?.evidence ?? [])) {
    const text = await readFile(join(dir, path), 'utf8').catch(() => null);
    const parsed = text === null ? null : EvidenceFile.safeParse(jsonOf(text));
    if (parsed?.success === true) found.set(path, parsed.data);
  }
  return found;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
