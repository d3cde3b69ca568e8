import { appendFile, stat } from 'node:fs/promises';
import type { Place } from '../../domain/index.ts';
import { parseManifest, readSource } from '../../manifest/index.ts';
import { digestOf, markdownReport, runAnnotations } from '../../report/index.ts';
import { annotate, isGithub } from './annotate.ts';
import { lastRunOf } from '../project/last-run.ts';
import { receiptIn } from './receipt-view.ts';
import { workPlaceOf } from './work-place.ts';
import type { World } from '../world.ts';

/** What GitHub takes of a step summary: 1 MiB, of which other commands of the step may want some. */
const SUMMARY_BYTES = 1_000_000;

/** In GitHub Actions: the last run of a spec as step summary, and what is open of it as annotations at lines of its manifest. */
export async function tellGithub(world: World, spec: string | undefined): Promise<void> {
  if (!isGithub(world)) return;
  const last = await lastRunOf(world, spec);
  if (!last.ok || last.value.log === null) return;
  const { log, location } = last.value;
  const made = digestOf(log.events, { receipt: await receiptIn(log.dir) });
  if (made === null) return;
  const start = { file: location.manifestFile, line: 1, column: 1 };
  const places = await unitPlaces(location.manifestFile);
  annotate(world, runAnnotations(made.digest, { places, start }));
  await summarize(world, markdownReport(made, await workPlaceOf(world, last.value)));
}

async function unitPlaces(manifestFile: string): Promise<ReadonlyMap<string, Place>> {
  const source = await readSource(manifestFile);
  if (!source.ok) return new Map();
  const { declared } = parseManifest(source.value.text, manifestFile);
  return new Map(declared.map(({ id, place }) => [id, place]));
}

/** GitHub fails a whole step whose summary is too long: what does not fit is left out and said. */
async function summarize({ env }: World, text: string): Promise<void> {
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return;
  const before = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  const fits = before + Buffer.byteLength(text) <= SUMMARY_BYTES;
  const headline = text.split('\n', 1)[0] ?? '';
  await appendFile(
    file,
    fits
      ? `${text}\n`
      : `${headline}\n\nToo long for this summary: see \`implement-factory report\`.\n`,
  );
}
