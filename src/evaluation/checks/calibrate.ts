import pMap from 'p-map';
import type { Calibration, FrozenCheck, Infra, NullAnswer, Result } from '../../domain/index.ts';
import { err, ok, vacuityOf } from '../../domain/index.ts';
import type { AttemptRecord } from '../attempt/attempt.ts';
import { attempt } from '../attempt/attempt.ts';
import { NullProduct } from './null-product.ts';
import { nullService, PROGRAM_ANSWERS, SERVICE_ANSWERS } from '../proxy/null-service.ts';
import { oneLine } from '../attempt/outcome.ts';
import { NoProduct } from '../product/copy.ts';
import type { Bench } from '../settings.ts';

/** A text that wants to become a check. */
export interface Candidate {
  readonly scenario: string;
  readonly code: string;
  /** With its dot: how it is run. */
  readonly extension: '.mjs' | '.cjs' | '.sh';
  readonly origin: FrozenCheck['origin'];
  readonly needsService: boolean;
  readonly needsBrowser?: boolean;
}

export interface Calibrated {
  readonly calibration: Calibration;
  /** Why it may not judge, in words its author can act on; null when it may. */
  readonly fault: string | null;
}

/** Attempts on null services at a time: those that wait for a hanging answer cost nothing. */
const AT_ONCE = 6;

interface Limits {
  /** A whole attempt, ms; what waits without the kit waits for no longer. */
  readonly attemptMs: number;
  /** What the kit waits for an answer that does not come, ms. */
  readonly patienceMs: number;
}

const QUICK: Limits = { attemptMs: 3000, patienceMs: 500 };
/** For what had no time to begin on a busy machine. */
const PATIENT: Limits = { attemptMs: 10_000, patienceMs: 3000 };

/** A browser takes its time to start; what is to appear on a page of the null service is there at once or never. */
const IN_BROWSER: Limits = { attemptMs: 30_000, patienceMs: 1000 };
/** Browsers at a time. */
const BROWSERS = 2;

/**
 * Runs each candidate against every answer of the null service, in processes of their own, like the attempts that will judge the
 * product. In the order of the candidates.
 */
export async function calibrate(
  bench: Bench,
  candidates: readonly Candidate[],
  signal: AbortSignal,
): Promise<Result<readonly Calibrated[], Infra>> {
  // The longest first.
  const trials = candidates
    .flatMap((candidate) => answersFor(candidate).map((answer) => ({ candidate, answer, signal })))
    .toSorted((a, b) => Number(b.answer === 'hang') - Number(a.answer === 'hang'));
  const records = await tried(bench, trials);
  // What was cut off says nothing about a check.
  if (signal.aborted) return err({ detail: 'the calibration was interrupted' });
  if (!records.ok) return records;
  return ok(
    candidates.map((candidate) =>
      judged(
        answersFor(candidate).flatMap((answer) =>
          records.value.filter((each) => each.candidate === candidate && each.answer === answer),
        ),
      ),
    ),
  );
}

type Tried = Trial & { readonly record: AttemptRecord };

async function tried(
  bench: Bench,
  trials: readonly Trial[],
): Promise<Result<readonly Tried[], Infra>> {
  const one = async (trial: Trial) => ({ ...trial, record: await against(bench, trial) });
  try {
    const plain = trials.filter(({ candidate }) => candidate.needsBrowser !== true);
    const heavy = trials.filter(({ candidate }) => candidate.needsBrowser === true);
    const records = await pMap(plain, one, { concurrency: AT_ONCE });
    return ok([...records, ...(await pMap(heavy, one, { concurrency: BROWSERS }))]);
  } catch (error) {
    if (!(error instanceof NoProduct)) throw error;
    return err({ detail: error.message });
  }
}

function answersFor({ needsService, origin }: Candidate): readonly NullAnswer[] {
  if (needsService) return SERVICE_ANSWERS;
  // What a test starts by itself cannot be made to hang from outside.
  return origin === 'stub'
    ? PROGRAM_ANSWERS.filter((answer) => answer !== 'hang')
    : PROGRAM_ANSWERS;
}

interface Trial {
  readonly candidate: Candidate;
  readonly answer: NullAnswer;
  readonly signal: AbortSignal;
}

async function against(bench: Bench, trial: Trial): Promise<AttemptRecord> {
  if (trial.candidate.needsBrowser === true) return once(bench, trial, IN_BROWSER);
  const record = await once(bench, trial, QUICK);
  const hurried = trial.answer === 'hang' || record.ms >= QUICK.attemptMs;
  return record.outcome === 'broken' && hurried ? once(bench, trial, PATIENT) : record;
}

async function once(
  bench: Bench,
  { candidate, answer, signal }: Trial,
  { attemptMs, patienceMs }: Limits,
): Promise<AttemptRecord> {
  const { scenario, code, extension, origin, needsService, needsBrowser } = candidate;
  const service = needsService ? await nullService(answer, bench.socketPath?.()) : null;
  try {
    return await attempt({
      bench: { ...bench, attemptMs: Math.min(bench.attemptMs, attemptMs) },
      check: {
        scenario,
        file: `check${extension}`,
        sha256: '',
        origin,
        needsService,
        ...(needsBrowser === true && { needsBrowser }),
      },
      source: code,
      ground: {
        on: 'side',
        proxy: service?.proxy ?? null,
        tree: () => Promise.reject(new Error('Internal error: the null product has no tree')),
        product: (place) => new NullProduct(place, answer),
      },
      signal,
      patienceMs,
    });
  } finally {
    await service?.close();
  }
}

function judged(records: readonly Tried[]): Calibrated {
  const of = (outcome: AttemptRecord['outcome']) =>
    records.filter(({ record }) => record.outcome === outcome).map(({ answer }) => answer);
  const calibration = { passed: of('passed'), failed: of('failed') };
  const broken = records.find(({ record }) => record.outcome === 'broken');
  const fault =
    broken === undefined ? vacuityOf(calibration) : brokenBy(broken.answer, broken.record.reason);
  return { calibration, fault };
}

/** A check must be able to meet a product that does nothing right. */
const brokenBy = (answer: NullAnswer, reason: string): string =>
  oneLine(`${reason} (seen with a product that is none: ${answer})`);
