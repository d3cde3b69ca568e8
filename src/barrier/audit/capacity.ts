import type { HttpObservation } from '../feedback/observation.ts';
import { surfaceOf } from '../feedback/surface.ts';
import { SYMPTOM_LENGTH } from '../feedback/symptom.ts';
import { answer, call, command, request, service, verify } from '../feedback/traffic.ts';

/** No wait is longer, s. */
const MOST_SECONDS = 600;
/** Characters that a line of free text is made of: letters of both cases, digits, blank and punctuation, in ASCII. */
const CHARACTERS = 95;

/**
 * Bits that one symptom of a unit can carry at most: the logarithm of how many different lines the renderer has for its unit spec, found
 * by rendering all of them. In `report` mode lines are free text that a filter lets through, so that only their length bounds them.
 */
export function bitsOfLine(unitText: string, evaluation: 'checks' | 'report'): number {
  return evaluation === 'report'
    ? SYMPTOM_LENGTH * Math.log2(CHARACTERS)
    : Math.log2(linesFor(unitText));
}

function linesFor(unitText: string): number {
  const surface = surfaceOf(unitText);
  const methods = [...surface.words].filter((word) => /^[A-Z]{1,10}$/.test(word));
  const requests = distinct(
    ['', ...surface.routes.map(({ text }) => text)].flatMap((path) =>
      ['', ...methods].map((method) => request(http({ method, path }), surface)),
    ),
  );
  const calls = [...surface.words, ''].flatMap((name) =>
    (['missing', 'threw', 'died', 'returned'] as const).map((outcome) =>
      call({ kind: 'call', name, outcome, ms: 0 }, surface),
    ),
  );
  const waits = distinct([...surface.words, '']) * MOST_SECONDS;
  return requests * ANSWERS + distinct(calls) + waits + COMMANDS + SERVICES + VERIFIES;
}

const distinct = (lines: readonly string[]): number => new Set(lines).size;

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

const http = (seen: Partial<HttpObservation>): HttpObservation => ({
  kind: 'http',
  method: '',
  path: '',
  status: null,
  error: null,
  ms: 0,
  ...seen,
});

const WAITS = range(1, MOST_SECONDS).map((seconds) => seconds * 1000);
const CODES = range(0, 255);

const ANSWERS = distinct([
  ...WAITS.map((ms) => answer(http({ error: 'timeout', ms }))),
  ...(['refused', 'reset'] as const).map((error) => answer(http({ error }))),
  answer(http({ status: 200, json: false })),
  ...range(100, 599).flatMap((status) =>
    (['status', 'body', 'header', 'page'] as const).map((part) => answer(http({ status, part }))),
  ),
]);

const ran = { kind: 'command', code: null, signal: null, error: null, ms: 0 } as const;

const COMMANDS = distinct([
  ...WAITS.map((ms) => command({ ...ran, error: 'timeout', ms })),
  ...(['not_started', 'flood'] as const).map((error) => command({ ...ran, error })),
  command({ ...ran, signal: 'SIGKILL' }),
  ...CODES.flatMap((code) =>
    (['exit', 'output', 'errors', 'files'] as const).map((part) => command({ ...ran, code, part })),
  ),
]);

const SERVICES = distinct([
  ...WAITS.map((ms) => service({ kind: 'service', outcome: 'unhealthy', code: null, ms })),
  ...(['exited', 'died'] as const).map((outcome) =>
    service({ kind: 'service', outcome, code: null, ms: 0 }),
  ),
  ...CODES.map((code) => service({ kind: 'service', outcome: 'exited', code, ms: 0 })),
]);

const VERIFIES = distinct([
  ...(['timeout', 'install', 'regression'] as const).map((outcome) =>
    verify({ kind: 'verify', outcome, code: null }),
  ),
  ...[null, ...CODES].map((code) => verify({ kind: 'verify', outcome: 'failed', code })),
]);
