import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrozenCheck, ScenarioOutcome } from '../../domain/index.ts';
import type { AttemptRecord } from './attempt.ts';

export interface Evidence {
  readonly scenario: string;
  readonly commit: string;
  readonly outcome: ScenarioOutcome;
  readonly reason: string | null;
  readonly check: FrozenCheck;
  readonly attempts: readonly AttemptRecord[];
}

/**
 * Writes down what was seen, for a person; no agent that writes code ever gets it. Returns the path relative to the run folder.
 * What was seen before, of the same iteration, stays.
 */
export async function keepEvidence(
  runDir: string,
  place: { readonly unit: string; readonly iteration: number | string },
  evidence: Evidence,
): Promise<string> {
  const folder = path.posix.join('evidence', place.unit, String(place.iteration));
  await mkdir(path.join(runDir, folder), { recursive: true });
  const { attempts, ...rest } = evidence;
  for (let time = 1; ; time += 1) {
    const name = time === 1 ? evidence.scenario : `${evidence.scenario}.${time}`;
    const file = path.posix.join(folder, `${name}.json`);
    const told = attempts.map(({ pictures = [], ...attempt }, at) => ({
      ...attempt,
      ...(pictures.length > 0 && { pictures: pictures.map((_, of) => pictureOf(file, at, of)) }),
    }));
    const text = `${JSON.stringify({ ...rest, attempts: told }, null, 2)}\n`;
    if (!(await isWritten(path.join(runDir, file), text))) continue;
    for (const [at, { pictures = [] }] of attempts.entries())
      for (const [of, png] of pictures.entries())
        await writeFile(path.join(runDir, pictureOf(file, at, of)), png);
    return file;
  }
}

/** `add-a-note.2.png`: the second attempt; further pages of it are `add-a-note.2-2.png`. */
const pictureOf = (file: string, attempt: number, page: number): string =>
  `${file.slice(0, -'.json'.length)}.${attempt + 1}${page === 0 ? '' : `-${page + 1}`}.png`;

/** False when there is such a file already. */
async function isWritten(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
