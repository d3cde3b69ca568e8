import { err, type Diagnostic, type Problem } from '../domain/index.ts';
import { diagnosticsText, problemText } from '../report/index.ts';
import { readFile } from 'node:fs/promises';
import { annotateFaults } from './telling/annotate.ts';
import { EXIT } from './exit.ts';
import type { World } from './world.ts';

/** Why a command does nothing: what a person reads, and the exit code. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
  /** The faults that it tells of, if it does. */
  readonly faults?: readonly Diagnostic[];
}

/** A problem of input or machine, told as a refusal. */
export const refused = (
  problem: Problem,
  code: number = EXIT.invalid,
): { readonly ok: false; readonly error: Refusal } => err({ code, text: problemText(problem) });

/** Faults of files that a person wrote, with the lines they are in. */
export async function faulty(
  world: World,
  diagnostics: readonly Diagnostic[],
): Promise<{ readonly ok: false; readonly error: Refusal }> {
  return err({
    code: EXIT.invalid,
    text: await faultsText(world, diagnostics),
    faults: diagnostics,
  });
}

/** Above this, a file is not quoted: a message needs a line of it, not 50 MB. */
const QUOTED_BYTES = 4 * 1024 * 1024;

/** Diagnostics as text, quoting the files they are in. */
export async function faultsText(
  world: World,
  diagnostics: readonly Diagnostic[],
): Promise<string> {
  const sources = new Map<string, string>();
  for (const file of new Set(diagnostics.map((each) => each.file))) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null && text.length <= QUOTED_BYTES) sources.set(file, text);
  }
  return diagnosticsText(diagnostics, { cwd: world.cwd, sources });
}

/** Says a refusal and answers its exit code. */
export function refuse(world: World, { code, text, faults = [] }: Refusal): number {
  world.stderr.write(text);
  annotateFaults(world, faults);
  return code;
}
