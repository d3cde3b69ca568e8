import { mint, SYMPTOM_LENGTH } from './symptom.ts';
import type { Symptom } from './symptom.ts';

/**
 * A violation of CONSTITUTION.md as the agent of the unit is told of it. The law is the project's own and lies in its workspace, so place and
 * message may be told; nothing that a judge said is in it.
 */
export function lawSymptom({
  file,
  line,
  message,
}: {
  readonly file: string;
  /** 1-based; null: the file as a whole. */
  readonly line: number | null;
  readonly message: string;
}): Symptom {
  const place = line === null ? file : `${file}:${line}`;
  const name = Array.from(place)
    .slice(-SYMPTOM_LENGTH / 2)
    .join('');
  return mint(`${name} breaks a rule of CONSTITUTION.md: ${message}`);
}
