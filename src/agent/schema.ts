import { z } from 'zod';
import { err, ok } from '../domain/index.ts';
import type { Result } from '../domain/index.ts';
import type { JsonSchema } from './request.ts';

/** Whether an answer has the shape that was asked for. An error says where it does not, without quoting it. */
export function fits(schema: JsonSchema, answer: unknown): Result<unknown, string> {
  if (answer === undefined) return err('there is none');
  const parsed = z.fromJSONSchema(schema).safeParse(answer);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  return err(`${path === '' ? 'the answer' : path} is not as asked (${issue?.code ?? 'unknown'})`);
}
