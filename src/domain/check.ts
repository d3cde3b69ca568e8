import { z } from 'zod';

/**
 * What the null service answers to everything. The first four are constant answers of a service; `hang`: it never answers;
 * `refusal`: nothing listens; `missing`: no such command and no such export; `silent`: every command exits 0 without a word, every
 * export returns nothing.
 */
export const NullAnswer = z.enum([
  '404',
  '500',
  'empty',
  '{}',
  'hang',
  'refusal',
  'missing',
  'silent',
]);
export type NullAnswer = z.infer<typeof NullAnswer>;

/** How a check judged the null service, before it could judge the product. */
export const Calibration = z.object({
  /** Answers it took for a product that works: at most one, and neither `hang` nor `refusal`. */
  passed: z.array(NullAnswer),
  /** Answers it turned down. */
  failed: z.array(NullAnswer),
});
export type Calibration = z.infer<typeof Calibration>;

/** One frozen check: the executable form of one scenario. */
export const FrozenCheck = z.object({
  scenario: z.string(),
  /** Path relative to the run folder. */
  file: z.string(),
  sha256: z.string(),
  /** Written by the check author, or a stub that runs as it is. */
  origin: z.enum(['author', 'stub']),
  /** It talks to the service under test. */
  needsService: z.boolean(),
  /** It opens pages of the product in a browser. */
  needsBrowser: z.boolean().optional(),
  /** Absent in journals of before checks were calibrated. */
  calibration: Calibration.optional(),
  /** A person wrote it, and why. */
  revised: z.string().optional(),
});
export type FrozenCheck = z.infer<typeof FrozenCheck>;

/** Answers that a check must turn down, whatever its scenario says. */
const NEVER: ReadonlySet<NullAnswer> = new Set(['hang', 'refusal']);

/**
 * What is wrong with a check that judged the null service like this, in words its author can act on; null when nothing is. A
 * scenario may be about an error, so one constant answer may satisfy it; a second one shows that the check cannot tell answers apart.
 */
export function vacuityOf({ passed }: Calibration): string | null {
  const never = passed.filter((answer) => NEVER.has(answer));
  if (never.length > 0)
    return `it passes although ${never.map((each) => SAID[each]).join(', and ')}`;
  if (passed.length <= 1) return null;
  return `it cannot tell a working product from a dead one: it passes when ${passed.map((each) => SAID[each]).join(', and also when ')}`;
}

const SAID: Readonly<Record<NullAnswer, string>> = {
  '404': 'every request is answered with 404',
  '500': 'every request is answered with 500',
  empty: 'every request is answered with 200 and an empty body',
  '{}': 'every request is answered with 200 and {}',
  hang: 'the product never answers',
  refusal: 'nothing listens',
  missing: 'the command or export does not exist',
  silent: 'every command exits 0 without output and every call returns nothing',
};
