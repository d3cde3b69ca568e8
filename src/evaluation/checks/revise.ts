import type { FrozenCheck, Problem, Result, UnitId } from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import type { Candidate } from './calibrate.ts';
import { calibrate } from './calibrate.ts';
import { lacking } from '../attempt/browser.ts';
import { authored } from './examine.ts';
import { freeze } from './frozen.ts';
import { faultOfCheck, syntaxFault, testNeedsService } from './inspect.ts';
import { oneLine } from '../attempt/outcome.ts';
import type { Bench } from '../settings.ts';

/** A check as a person wrote it. */
export interface Revision {
  readonly unit: UnitId;
  readonly scenario: string;
  readonly code: string;
  /** How it runs: `.mjs` on the kit, or a test that runs by itself. */
  readonly extension: Candidate['extension'];
  /** Why it was written, one line. */
  readonly reason: string;
}

/** Holds a person's check to what an author's is held to, and freezes it beside the one it is to replace. */
export async function freezeRevision(
  place: { readonly runDir: string; readonly bench: Bench },
  revision: Revision,
  signal: AbortSignal,
): Promise<Result<FrozenCheck, Problem>> {
  const { bench, runDir } = place;
  const candidate = candidateOf(revision);
  const { code, extension } = candidate;
  const unfit = (what: string) =>
    err({
      where: revision.scenario,
      what: oneLine(what),
      remedy: 'Correct it, and freeze it again.',
    });
  const unreadable =
    lacking(candidate, bench) ??
    (candidate.origin === 'author'
      ? await faultOfCheck(code, bench)
      : await syntaxFault(code, extension, bench));
  if (unreadable !== null) return unfit(unreadable);
  const calibrated = await calibrate(bench, [candidate], signal);
  if (!calibrated.ok) return unfit(calibrated.error.detail);
  const [found] = calibrated.value;
  if (found === undefined) throw new Error('Internal error: one candidate, no calibration');
  if (found.fault !== null) return unfit(found.fault);
  const { calibration } = found;
  const { unit, reason } = revision;
  return ok(await freeze(runDir, { unit, ...candidate, calibration, revised: oneLine(reason) }));
}

/** A module without the kit's default export is a test that speaks by its exit code. */
function candidateOf({ scenario, code, extension }: Revision): Candidate {
  if (extension === '.mjs' && /\bexport\s+default\b/.test(code)) return authored(scenario, code);
  return { scenario, code, extension, origin: 'stub', needsService: testNeedsService(code) };
}
