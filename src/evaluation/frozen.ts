import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrozenCheck, Result } from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface NewCheck {
  readonly unit: string;
  readonly scenario: string;
  readonly code: string;
  /** With its dot: how it is run. */
  readonly extension: '.mjs' | '.cjs' | '.sh';
  readonly origin: FrozenCheck['origin'];
  readonly needsService: boolean;
}

/** Writes a check below the run folder and seals it by its hash. */
export async function freeze(runDir: string, check: NewCheck): Promise<FrozenCheck> {
  const { unit, scenario, code, extension, origin, needsService } = check;
  const file = path.posix.join('checks', unit, `${scenario}${extension}`);
  await mkdir(path.join(runDir, 'checks', unit), { recursive: true });
  await writeFile(path.join(runDir, file), code);
  return { scenario, file, sha256: sha256(code), origin, needsService };
}

/** The text of a frozen check, or why it is not to be trusted any more. */
export async function unseal(runDir: string, check: FrozenCheck): Promise<Result<string, string>> {
  const text = await readFile(path.join(runDir, check.file), 'utf8').catch(() => null);
  if (text === null) return err('its check is gone since it was frozen');
  return sha256(text) === check.sha256 ? ok(text) : err('its check changed since it was frozen');
}
