import { ok } from '../../domain/index.ts';
import type { Breach, Overlap, Problem, Result } from '../../domain/index.ts';
import { describeHarvest } from '../landing/harvested.ts';
import type { Repository } from '../store.ts';
import { readBlobs } from './blobs.ts';
import type { Holdouts } from './history.ts';
import { overlapsIn } from './shingles.ts';
import { saysSomething, type HoldoutText } from './texts.ts';
import type { Watch } from './watch.ts';

/** What an audit of harvested work goes by. */
export interface WorkAudit {
  readonly watch: Watch;
  /** Blobs that must not be in it. */
  readonly blobs: Holdouts;
  /** Texts that its wording is compared with. */
  readonly holdouts: readonly HoldoutText[];
  /** What its author was told. */
  readonly own: string;
}

/** Looks through what a harvest adds or changes: names and contents of files. */
export async function auditWork(
  repo: Repository,
  commit: string,
  { watch, blobs, holdouts, own }: WorkAudit,
): Promise<Result<{ breach: Breach | null; overlaps: readonly Overlap[] }, Problem>> {
  const harvested = await describeHarvest(repo, commit);
  if (!harvested.ok) return harvested;
  const files = harvested.value.changes.filter(
    ({ status, mode }) => status !== 'D' && mode !== '160000',
  );
  const texts = await readBlobs(
    repo,
    files.map(({ blob }) => blob),
  );
  if (!texts.ok) return texts;
  const overlaps: Overlap[] = [];
  for (const { path, blob } of files) {
    const text = texts.value.get(blob) ?? '';
    const copied = saysSomething(text) ? blobs.get(blob) : undefined;
    const found =
      copied === undefined
        ? watch.look(text.includes('\0') ? path : `${path}\n${text}`)
        : { what: `the whole of ${copied}` };
    if (found !== null) return ok({ breach: { ...found, where: path }, overlaps: [] });
    if (!text.includes('\0')) overlaps.push(...overlapsIn({ where: path, text }, holdouts, own));
  }
  return ok({ breach: null, overlaps: overlaps.slice(0, 50) });
}
