import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Calibration, FrozenCheck, Result } from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import type { Candidate } from './calibrate.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A candidate that may judge. */
export interface NewCheck extends Candidate {
  readonly unit: string;
  readonly calibration: Calibration;
  /** A person wrote it, and why. */
  readonly revised?: string;
}

/** Writes a check below the run folder and seals it by its hash. What was frozen before under its name stays, for a person to compare. */
export async function freeze(runDir: string, check: NewCheck): Promise<FrozenCheck> {
  const { unit, scenario, code, extension, origin, needsService, needsBrowser } = check;
  const { calibration, revised } = check;
  const hash = sha256(code);
  const file = await placeFor(runDir, { unit, name: `${scenario}${extension}`, hash });
  await mkdir(path.join(runDir, path.posix.dirname(file)), { recursive: true });
  await writeFile(path.join(runDir, file), code);
  return {
    scenario,
    file,
    sha256: hash,
    origin,
    needsService,
    ...(needsBrowser === true && { needsBrowser }),
    calibration,
    ...(revised !== undefined && { revised }),
  };
}

async function placeFor(
  runDir: string,
  { unit, name, hash }: { readonly unit: string; readonly name: string; readonly hash: string },
): Promise<string> {
  const plain = path.posix.join('checks', unit, name);
  const there = await readFile(path.join(runDir, plain), 'utf8').catch(() => null);
  if (there === null || sha256(there) === hash) return plain;
  return path.posix.join('checks', unit, hash.slice(0, 12), name);
}

/** The text of a frozen check, or why it is not to be trusted any more. */
export async function unseal(runDir: string, check: FrozenCheck): Promise<Result<string, string>> {
  const text = await readFile(path.join(runDir, check.file), 'utf8').catch(() => null);
  if (text === null) return err('its check is gone since it was frozen');
  return sha256(text) === check.sha256 ? ok(text) : err('its check changed since it was frozen');
}
