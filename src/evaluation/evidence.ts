import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrozenCheck, ScenarioOutcome } from '../domain/index.ts';
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
  const text = `${JSON.stringify(evidence, null, 2)}\n`;
  for (let time = 1; ; time += 1) {
    const name = time === 1 ? evidence.scenario : `${evidence.scenario}.${time}`;
    const file = path.posix.join(folder, `${name}.json`);
    if (await isWritten(path.join(runDir, file), text)) return file;
  }
}

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
