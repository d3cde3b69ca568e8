import { z } from 'zod';
import type { IncomingHttpHeaders } from 'node:http';

const Block = z.looseObject({ type: z.string(), text: z.string().optional() });
const Content = z.union([z.string().transform((text) => [{ type: 'text', text }]), z.array(Block)]);
const Body = z.looseObject({
  model: z.string(),
  system: Content.optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
});

/** One call of the model: what it was sent. */
export interface ModelRequest {
  readonly model: string;
  readonly system: string;
  /** Names of the tools it may call. */
  readonly tools: readonly string[];
  /** Text of the first user message: the prompt, perhaps with reminders of the agent program around it. */
  readonly prompt: string;
  /** How often the model has answered in this conversation. */
  readonly turn: number;
  /** Everything it was sent but the tools, as JSON: what a leak would be found in. */
  readonly sent: string;
  readonly headers: IncomingHttpHeaders;
}

/** Reads the body of `POST /v1/messages`; throws when it is none. */
export function asModelRequest(body: unknown, headers: IncomingHttpHeaders): ModelRequest {
  const { model, system = [], messages, tools = [] } = Body.parse(body);
  // Newer versions put entries of the role `system` among the messages.
  const firstUser = messages.find(({ role }) => role === 'user');
  return {
    model,
    system: textOf(system),
    tools: tools.map(({ name }) => name),
    prompt: textOf(firstUser?.content ?? []),
    turn: messages.filter(({ role }) => role === 'assistant').length,
    sent: JSON.stringify({ system, messages }),
    headers,
  };
}

const textOf = (blocks: readonly z.infer<typeof Block>[]) =>
  blocks.map(({ text = '' }) => text).join('\n');
