import pMap from 'p-map';
import { ok } from '../../domain/index.ts';
import type { Accepted, Examine, Refused } from './author.ts';
import type { Candidate } from './calibrate.ts';
import { calibrate } from './calibrate.ts';
import { lacking } from '../attempt/browser.ts';
import { faultOfCheck, needsBrowser, needsService } from './inspect.ts';
import type { Bench } from '../settings.ts';

/** Texts looked at at once; each asks the interpreter. */
const AT_ONCE = 3;

/** A text of the author as it would be run. */
export const authored = (scenario: string, code: string): Candidate => ({
  scenario,
  code,
  extension: '.mjs',
  origin: 'author',
  needsService: needsService(code),
  ...(needsBrowser(code) && { needsBrowser: true }),
});

/** What checks of an author must come through: their text first, then the null service. */
export function examiner(bench: Bench, signal: AbortSignal): Examine {
  return async (checks) => {
    const faults = await pMap(
      checks,
      async ([scenario, code]) => ({ scenario, code, reason: await faultOfCheck(code, bench) }),
      { concurrency: AT_ONCE },
    );
    const sound = faults.filter(({ reason }) => reason === null);
    const readable = sound.filter(({ code }) => lackOf(code, bench) === null);
    const calibrated = await calibrate(
      bench,
      readable.map(({ scenario, code }) => authored(scenario, code)),
      signal,
    );
    if (!calibrated.ok) return calibrated;
    const good = new Map<string, Accepted>();
    const refused = faults.flatMap(({ scenario, code, reason }): Refused[] => {
      if (reason !== null) return [{ scenario, code, reason }];
      const lack = lackOf(code, bench);
      return lack === null ? [] : [{ scenario, code, reason: lack, final: true }];
    });
    for (const [at, { calibration, fault }] of calibrated.value.entries()) {
      const text = readable[at];
      if (text === undefined) continue;
      const { scenario, code } = text;
      if (fault === null) good.set(scenario, { code, calibration });
      else refused.push({ scenario, code, reason: fault });
    }
    return ok({ good, refused });
  };
}

const lackOf = (code: string, bench: Bench): string | null =>
  lacking({ needsBrowser: needsBrowser(code) }, bench);
