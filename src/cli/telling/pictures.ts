import { readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { EvidenceFile, type Digested, type Picture, type Pictures } from '../../report/index.ts';

/** Images in one page, bytes; further ones are named by their file. */
const MOST_BYTES = 8 * 1024 * 1024;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** Pictures of each scenario's last measurement: of the last attempt that came to its outcome. What cannot be read is left out. */
export async function picturesIn(runDir: string, { units }: Digested['digest']): Promise<Pictures> {
  const found = new Map<string, readonly Picture[]>();
  let bytes = 0;
  for (const { outcome, evidence } of units.flatMap(({ scenarios }) => scenarios)) {
    const file = evidence === null ? null : await evidenceAt(runDir, evidence);
    const attempts = file?.attempts ?? [];
    const last = attempts.findLastIndex(
      (each) => each.outcome === outcome && each.pictures.length > 0,
    );
    const attempt = attempts[last];
    if (attempt === undefined || evidence === null) continue;
    const shown: Picture[] = [];
    for (const picture of attempt.pictures) {
      const png = await pngAt(runDir, picture);
      if (png === null) continue;
      bytes += png.length;
      shown.push({
        file: picture,
        attempt: last + 1,
        outcome: attempt.outcome,
        png: bytes > MOST_BYTES ? null : png.toString('base64'),
      });
    }
    found.set(evidence, shown);
  }
  return found;
}

async function evidenceAt(runDir: string, path: string): Promise<EvidenceFile | null> {
  const text = await readFile(join(runDir, path), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return EvidenceFile.parse(JSON.parse(text));
  } catch {
    // Torn, or of another version: the report does without it.
    return null;
  }
}

async function pngAt(runDir: string, path: string): Promise<Buffer | null> {
  // What evidence names is below it, whoever wrote that file.
  if (!normalize(path).startsWith(`evidence${sep}`)) return null;
  const png = await readFile(join(runDir, path)).catch(() => null);
  return png?.subarray(0, PNG.length).equals(PNG) === true ? png : null;
}
