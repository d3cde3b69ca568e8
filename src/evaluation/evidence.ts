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
 */
export async function keepEvidence(
  runDir: string,
  place: { readonly unit: string; readonly iteration: number | string },
  evidence: Evidence,
): Promise<string> {
  const folder = path.posix.join('evidence', place.unit, String(place.iteration));
  await mkdir(path.join(runDir, folder), { recursive: true });
  const file = path.posix.join(folder, `${evidence.scenario}.json`);
  await writeFile(path.join(runDir, file), `${JSON.stringify(evidence, null, 2)}\n`);
  return file;
}
