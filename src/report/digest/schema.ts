import { z } from 'zod';
import { UnitPhase } from '../phase.ts';
import {
  Attempt,
  Barrier,
  GateStep,
  Operation,
  Priority,
  Question,
  ScenarioOutcome,
} from '../../domain/index.ts';
import type { Digest } from './digest.ts';
import type { Role } from './spending.ts';

const ROLES = [
  'code agent',
  'check author',
  'second author',
  'live evaluator',
  'judge of the constitution',
  'other',
] as const satisfies readonly Role[];

const spend = {
  usd: z.number().meta({ description: 'USD' }),
  unknownRuns: z.int().meta({ description: 'runs whose cost nobody knows' }),
  inputTokens: z.int(),
  outputTokens: z.int(),
};

const Unit = z.object({
  id: z.string(),
  title: z.string(),
  group: z.int(),
  status: UnitPhase,
  decision: z.string(),
  earlier: z.boolean().meta({ description: 'an earlier run completed it' }),
  iteration: z.int(),
  satisfaction: z.number().nullable().meta({ description: 'passed / total' }),
  sealed: z.number().nullable(),
  filesChanged: z.int(),
  spend: z.object(spend),
  evaluations: z.array(
    z.object({
      iteration: z.int(),
      at: z.string(),
      commit: z.string(),
      satisfaction: z.number(),
      passed: z.int(),
      total: z.int(),
    }),
  ),
  scenarios: z.array(
    z.object({
      name: z.string(),
      priority: Priority,
      sealed: z.boolean(),
      outcome: ScenarioOutcome.nullable(),
      reason: z.string().nullable(),
      evidence: z.string().nullable().meta({ description: 'path in the run folder' }),
      attempts: z.array(Attempt),
      history: z.array(ScenarioOutcome.nullable()),
    }),
  ),
  feedback: z.array(
    z.object({
      at: z.string(),
      iteration: z.int(),
      from: z.enum(['evaluation', 'landing', 'service', 'gate']),
      lines: z.array(z.string()),
    }),
  ),
});

const Timeline = z.object({
  worked: z.number().meta({ description: 'ms in which a process was at work' }),
  pauses: z.array(z.object({ at: z.number(), ms: z.number() })),
  spans: z.array(
    z.object({
      work: Operation.exclude(['edit', 'delivery', 'limit']),
      unit: z.string().nullable(),
      iteration: z.int().nullable(),
      from: z.number(),
      to: z.number(),
      outcome: z.enum(['done', 'failed', 'infra', 'cut', 'open']),
      began: z.int(),
      ended: z.int(),
      critical: z.boolean().meta({ description: 'on the critical path' }),
    }),
  ),
});

const Receipt = z.object({
  outcome: z.string(),
  events: z.int(),
  barrier: z.object({ tier: z.string() }),
  inputs: z.int(),
  changed: z.array(z.string()),
  audits: z.int(),
  feedback: z.array(
    z.object({ unit: z.string(), lines: z.int(), bits: z.number(), guided: z.int() }),
  ),
  findings: z.array(z.object({ unit: z.string(), where: z.string(), holdout: z.string() })),
  objections: z.array(z.object({ what: z.string(), where: z.string() })),
});

/** What `report --format json` prints. */
export const DigestJson = z.object({
  version: z.literal(1),
  run: z.string(),
  spec: z.string(),
  title: z.string(),
  outcome: z.enum(['completed', 'failed', 'invalid', 'waiting', 'stopped', 'unfinished']),
  reason: z.string().nullable(),
  branch: z.string().nullable(),
  base: z.string(),
  began: z.string(),
  latest: z.string(),
  threshold: z.number(),
  maxIterations: z.int(),
  evaluation: z.enum(['checks', 'report']),
  groups: z.array(
    z.object({
      number: z.int(),
      mode: z.enum(['parallel', 'sequential']),
      units: z.array(z.string()),
    }),
  ),
  units: z.array(Unit),
  timeline: Timeline,
  spending: z.array(
    z.object({
      role: z.enum(ROLES),
      agent: z.string(),
      runs: z.int(),
      ...spend,
      untoldRuns: z.int().meta({ description: 'runs whose tokens nobody knows' }),
      ms: z.number(),
    }),
  ),
  landed: z.array(
    z.object({
      commit: z.string(),
      at: z.string(),
      kind: z.enum(['work', 'tick', 'backed out']),
      units: z.array(z.string()),
      files: z.int().nullable(),
      undone: z.boolean(),
    }),
  ),
  gate: z.array(GateStep),
  questions: z.array(
    Question.extend({
      answers: z.array(z.string()),
      answered: z.string().nullable().meta({ description: 'the answer that waits to be taken' }),
    }),
  ),
  decisions: z.array(
    z.object({ at: z.string(), subject: z.string(), decision: z.string(), by: z.string() }),
  ),
  barrier: Barrier.nullable(),
  receipt: Receipt.nullable(),
});

/** Fails to compile when a digest is none of these. */
type Fits<T extends z.input<typeof DigestJson>> = T;
export type Published = Fits<Mutable<Digest>>;
type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? T extends string
      ? T
      : { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

/** JSON Schema of a digest, published in docs/report.schema.json. Input form, as for events: readers let new fields pass. */
export const reportSchema = (): unknown => z.toJSONSchema(DigestJson, { io: 'input' });
