import { z } from 'zod';
import { FrozenCheck } from './check.ts';
import { UnitId } from './manifest.ts';

/** Why the run needs a person. */
const QuestionKind = z.enum([
  /** No start command or port was declared or discovered. */
  'service_unknown',
  /** A discovered start command never became healthy. */
  'service_unhealthy',
  /** A unit used up `max_iterations`. */
  'exhausted',
  /** Its iterations bring it no further, before they are used up. */
  'stalled',
  /** Too many scenarios have no trustworthy check. */
  'inconclusive',
  /** A unit's work conflicted with landed work three times. */
  'conflict',
  /** A unit used up `max_iterations`, the last one because the product could not be served: its code, or its start command. */
  'unserved',
  /** Its work breaks a rule of CONSTITUTION.md that a person decides about. */
  'violation',
  /** The gate fails, and by no work that could be sent back or backed out. */
  'gate',
]);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** A question to a person; persisted, answered by `decide` or at the prompt. */
export const Question = z.object({
  /** The unit, or `service`. */
  subject: z.union([z.literal('service'), UnitId]),
  kind: QuestionKind,
  /** One line: what happened. */
  detail: z.string(),
});
export type Question = z.infer<typeof Question>;

export const Decision = z.discriminatedUnion('kind', [
  /** Another count of iterations, with a person's advice for the code agent. */
  z.object({ kind: z.literal('retry'), guidance: z.string() }),
  /** Leave the box open and go on. */
  z.object({ kind: z.literal('skip') }),
  /** End the run as failed. */
  z.object({ kind: z.literal('abort') }),
  /** Compile and evaluate a scenario anew; costs no iteration. */
  z.object({ kind: z.literal('recheck'), scenario: z.string() }),
  /** Take the violations of the question as they are. */
  z.object({ kind: z.literal('accept') }),
  /** A check that a person wrote takes the place of another; what it decided is measured again. No question is needed for it. */
  z.object({ kind: z.literal('freeze'), check: FrozenCheck }),
  /** How to start the service. */
  z.object({
    kind: z.literal('start'),
    command: z.string().min(1),
    /** Where it listens when it ignores `PORT`. */
    port: z.int().min(1).max(65_535).optional(),
  }),
]);
export type Decision = z.infer<typeof Decision>;

/** A person's answer to how the service is started. */
export type StartDecision = Omit<Extract<Decision, { kind: 'start' }>, 'kind'>;
