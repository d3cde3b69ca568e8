import type { Observation as Seen } from '../../barrier/index.ts';
import type { Fault } from '../child/wire.ts';
import type { Observation } from './observation.ts';
import { culprit, isByBrowser } from './observation.ts';

/**
 * The observation that tells of a failed attempt, with the part of it that a failed assertion had in its hands, where that is
 * plain. Nothing of what was expected is in it.
 */
export function toldBy(observations: readonly Observation[], fault: Fault | null): Seen | null {
  const seen = culprit(observations);
  if (seen === null) return seen;
  // On a page, what does not appear in time is no assertion, and says the same.
  if (fault?.assertion !== true && !(fault !== null && isByBrowser(seen))) return seen;
  if (seen.kind === 'http') return withPart(seen, httpPart(seen, fault.actual));
  return seen.kind === 'command' ? withPart(seen, commandPart(seen, fault.actual)) : seen;
}

const withPart = (seen: Seen, part: string | undefined): Seen =>
  part === undefined ? seen : ({ ...seen, part } as Seen);

type Http = Observation & { kind: 'http' };
type Command = Observation & { kind: 'command' };

function httpPart(seen: Http, actual: Fault['actual']) {
  const { status, error, response } = seen;
  if (status === null || error !== null || status >= 500) return undefined;
  if (isByBrowser(seen)) return status < 400 ? ('page' as const) : undefined;
  if (actual === status) return 'status' as const;
  const headers = Object.values(response.headers).flat();
  if (typeof actual === 'string' && headers.includes(actual)) return 'header' as const;
  // A bare true or false may have been about the status as well.
  return status < 400 ? ('body' as const) : undefined;
}

function commandPart({ code, error, stdout, stderr }: Command, actual: Fault['actual']) {
  if (error !== null) return undefined;
  if (actual === code) return 'exit' as const;
  if (typeof actual !== 'string' || actual.trim() === '') return undefined;
  if (stderr.includes(actual.trim())) return 'errors' as const;
  return stdout.includes(actual.trim()) ? ('output' as const) : undefined;
}
