import { z } from 'zod';
import type { AgentReport, Infra, Result } from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import { oneLine } from '../attempt/outcome.ts';

/** What an evaluation agent said, as data or text, unread; one that failed is an error. */
export type Answered = Promise<
  Result<{ readonly output: unknown; readonly report: AgentReport }, Infra>
>;

/** What a check author answers. */
export const AuthorAnswer = z.object({
  checks: z.array(
    z.object({
      /** Name of the scenario, as it was given. */
      scenario: z.string(),
      /** The whole text of an ES module. */
      code: z.string(),
    }),
  ),
});
export type AuthorAnswer = z.infer<typeof AuthorAnswer>;

/** The same as JSON Schema, for agents that can be held to one. */
export const authorAnswerSchema: Readonly<Record<string, unknown>> = jsonSchema();

function jsonSchema(): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(AuthorAnswer);
  return schema;
}

/** Reads an answer given as data, as JSON, or as JSON within talk. */
export function readAnswer(output: unknown): Result<AuthorAnswer, string> {
  const data = typeof output === 'string' ? jsonIn(output) : output;
  if (data === undefined) return err('the answer is not JSON');
  const parsed = AuthorAnswer.safeParse(data);
  if (parsed.success) return ok(parsed.data);
  return err(
    `the answer has not the form {"checks": […]}: ${oneLine(z.prettifyError(parsed.error))}`,
  );
}

/** Undefined when there is none. */
function jsonIn(text: string): unknown {
  const fence = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text)?.[1];
  const braces = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  for (const candidate of [text, fence, braces]) {
    if (candidate === undefined || candidate.trim() === '') continue;
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      continue;
    }
  }
  return undefined;
}
