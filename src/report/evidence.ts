import { z } from 'zod';
import { Attempt, FrozenCheck, ScenarioOutcome } from '../domain/index.ts';
import { oneLine, short } from './words.ts';

const ms = z.number();

/** What was seen of the product, as far as a person is shown it in a line; the file has all of it. */
const Seen = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('http'),
    method: z.string(),
    path: z.string(),
    status: z.number().nullable(),
    error: z.string().nullable(),
    ms,
  }),
  z.object({
    kind: z.literal('command'),
    command: z.string(),
    code: z.number().nullable(),
    signal: z.string().nullable(),
    error: z.string().nullable(),
    ms,
  }),
  z.object({
    kind: z.literal('call'),
    name: z.string(),
    method: z.string().nullable(),
    outcome: z.string(),
    ms,
  }),
]);
type Seen = z.infer<typeof Seen>;

/** A file of evidence, as the evaluation keeps it for a person. */
export const EvidenceFile = z.object({
  scenario: z.string(),
  commit: z.string(),
  outcome: ScenarioOutcome,
  reason: z.string().nullable(),
  check: FrozenCheck,
  attempts: z.array(
    Attempt.extend({
      reason: z.string(),
      exit: z
        .object({ code: z.number().nullable(), signal: z.string().nullable() })
        .nullable()
        .default(null),
      observations: z.array(Seen),
      /** Pictures of pages, relative to the run folder. */
      pictures: z.array(z.string()).default([]),
    }),
  ),
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;

/** Requests of one attempt that are listed; the file has the rest. */
const MOST_SEEN = 12;

/** Attempt by attempt, indented. */
export function evidenceLines({ check, commit, attempts }: EvidenceFile): readonly string[] {
  return [
    `      check ${check.sha256.slice(0, 12)} on commit ${short(commit)}`,
    ...attempts.flatMap(({ on, outcome, ms: took, exit, reason, observations, pictures }) => [
      `      ${on.padEnd(5)} ${outcome}, ${endOf(exit)}, ${String(Math.round(took))} ms${outcome === 'passed' ? '' : `: ${oneLine(reason)}`}`,
      ...observations.slice(0, MOST_SEEN).map((seen) => `        ${line(seen)}`),
      ...(observations.length > MOST_SEEN
        ? [`        and ${String(observations.length - MOST_SEEN)} more`]
        : []),
      ...pictures.map((file) => `        picture: ${file}`),
    ]),
  ];
}

const endOf = (exit: EvidenceFile['attempts'][number]['exit']): string => {
  if (exit === null) return 'not started';
  return exit.signal === null ? `exit ${String(exit.code)}` : `ended by ${exit.signal}`;
};

function line(seen: Seen): string {
  const took = `${String(Math.round(seen.ms))} ms`;
  switch (seen.kind) {
    case 'http':
      return oneLine(
        `${seen.method} ${seen.path} → ${seen.error ?? String(seen.status)} (${took})`,
      );
    case 'command':
      return oneLine(
        `$ ${seen.command} → ${seen.error ?? seen.signal ?? `exit ${String(seen.code)}`} (${took})`,
      );
    case 'call': {
      const method = seen.method === null ? '' : `.${seen.method}`;
      return oneLine(`${seen.name}${method} → ${seen.outcome} (${took})`);
    }
  }
}
