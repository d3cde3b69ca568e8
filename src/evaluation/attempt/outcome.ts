import type { Attempt, ScenarioOutcome } from '../../domain/index.ts';
import type { Exit } from '../../process/index.ts';
import type { Fault } from '../child/wire.ts';

/** How a check ended and what it had done by then. */
export interface Ending {
  /** What the runner said; null: it ended without a word. */
  readonly verdict:
    { readonly passed: true } | { readonly passed: false; readonly fault: Fault } | null;
  readonly exit: Exit;
  /** It did something with the product. */
  readonly touched: boolean;
  /** Something was asked of the product and not answered yet. */
  readonly waiting: boolean;
  /** Time between the product's last answer and the end, ms; null when there was none. */
  readonly quietMs: number | null;
}

export interface Finding {
  readonly outcome: Attempt['outcome'];
  /** One line for a person. */
  readonly reason: string;
}

/** A check that is still busy so long after the product's last answer, ms, is busy with itself; a third of its time where it has little. */
const QUIET_MS = 10_000;
const QUIET_SHARE = 1 / 3;

/** What the operating system refused the check itself. */
const OWN = {
  bounds: 'it used up what a check may use',
  file: 'a file or a program of its own was not what it expected',
} as const;

/**
 * The product is at fault only for what happened after the check reached it; before that, and for a check that says nothing,
 * the check is.
 */
export function find({ verdict, exit, touched, waiting, quietMs }: Ending): Finding {
  if (verdict === null) return silent({ exit, touched, waiting, quietMs });
  if (verdict.passed) {
    if (touched) return { outcome: 'passed', reason: 'passed' };
    return { outcome: 'broken', reason: 'it passed without ever using the product' };
  }
  const { stage, error, own } = verdict.fault;
  const what = oneLine(`${error.name}: ${error.message}`);
  if (stage === 'load') return { outcome: 'broken', reason: `it cannot be loaded: ${what}` };
  if (stage === 'misuse') return { outcome: 'broken', reason: oneLine(error.message) };
  if (own !== undefined) return { outcome: 'broken', reason: `${OWN[own]}: ${what}` };
  if (touched) return { outcome: 'failed', reason: what };
  return { outcome: 'broken', reason: `it failed before it used the product: ${what}` };
}

function silent({ exit, touched, waiting, quietMs }: Omit<Ending, 'verdict'>): Finding {
  const reason = `the check ${exit.summary}`;
  if (exit.cause !== 'wall') return { outcome: 'broken', reason: `${reason} without a verdict` };
  const longest = Math.min(QUIET_MS, exit.ms * QUIET_SHARE);
  const quiet = !waiting && (quietMs === null || quietMs > longest);
  return { outcome: touched && !quiet ? 'failed' : 'broken', reason };
}

/** A test of a framework speaks by its exit code. */
export function findTest(ending: Omit<Ending, 'verdict'>, needsService: boolean): Finding {
  const { exit, touched } = ending;
  if (exit.cause !== 'exited') return silent({ ...ending, touched: touched || !needsService });
  if (needsService && !touched) {
    return { outcome: 'broken', reason: `it ${exit.summary} without ever using the service` };
  }
  return exit.code === 0
    ? { outcome: 'passed', reason: 'passed' }
    : { outcome: 'failed', reason: `its test ${exit.summary}` };
}

/** Two of three decide; two broken ones say that nothing can be decided. */
export function decide(attempts: readonly Pick<Attempt, 'outcome'>[]): ScenarioOutcome {
  const count = (outcome: Attempt['outcome']) =>
    attempts.filter((a) => a.outcome === outcome).length;
  const majority = Math.floor(attempts.length / 2) + 1;
  if (count('passed') >= majority) return 'passed';
  return count('broken') >= majority ? 'inconclusive' : 'failed';
}

const MAX_LINE = 300;

/** Control characters and line breaks of whatever was thrown do not reach a terminal. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_LINE);
