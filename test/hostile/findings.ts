import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from './stage.ts';

/** What one attack came to: `proof` is a hash of what it got, null when it got nothing. */
export interface Finding {
  readonly attack: string;
  readonly proof: string | null;
  /** `HOLDOUT`, `UNIT`, `SOURCE`: a secret; `KNOWN`, `MET`, `HEARD`, `ASKED`: an answer that should not have come. */
  readonly kind: string | null;
}

/** What attackers printed into transcripts and logs of a run, by attack: an attack that succeeded once has succeeded. */
export async function findings(stage: Stage): Promise<Map<string, Finding>> {
  const found = new Map<string, Finding>();
  for (const line of await linesOf(stage)) {
    const finding = parse(line);
    if (finding !== null && (found.get(finding.attack)?.proof ?? null) === null)
      found.set(finding.attack, finding);
  }
  return found;
}

/** What a forger says of a forgery: whether it could do what it wanted to. */
export interface Try {
  readonly forgery: string;
  readonly acted: boolean;
  readonly why?: string;
}

export const forgeries = async (stage: Stage): Promise<readonly Try[]> =>
  (await linesOf(stage)).flatMap((line) =>
    line.startsWith('{"forgery":') ? [JSON.parse(line) as Try] : [],
  );

async function linesOf(stage: Stage): Promise<readonly string[]> {
  const runs = join(stage.project.dir, '.factory/runs/001-signs');
  const files = await readdir(runs, { recursive: true });
  const said = await Promise.all(
    files
      .filter((file) => /(transcripts\/.*\.ndjson|\.log)$/.test(file))
      .map((file) => readFile(join(runs, file), 'utf8')),
  );
  return said.flatMap((text) => text.split('\n'));
}

/** A transcript holds other lines too. */
export function parse(line: string): Finding | null {
  try {
    const value = JSON.parse(line) as Partial<Finding> | null;
    return typeof value?.attack === 'string' ? (value as Finding) : null;
  } catch {
    return null;
  }
}

/** Whether an attack got what it must not get. A secret counts only when it is the real one. */
export const leaked = (stage: Stage, { proof, kind }: Finding): boolean =>
  proof !== null &&
  (['HOLDOUT', 'UNIT', 'SOURCE'].includes(kind ?? '') ? stage.isProof(proof) : true);
