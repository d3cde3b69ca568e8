import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { TURN_TOKENS } from './model-server.ts';
import type { ModelRequest, ModelServer, Script, Turn } from './model-server.ts';

const Item = z.looseObject({ type: z.string() });
const Tool = z.looseObject({
  name: z.string().optional(),
  type: z.string(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
});
const Body = z.looseObject({
  model: z.string(),
  instructions: z.string().optional(),
  input: z.array(Item),
  tools: z.array(Tool).default([]),
  text: z.looseObject({ format: z.unknown().optional() }).optional(),
});

/** A call of the model by `codex`, and the schema its answer was asked in. */
export interface CodexRequest extends ModelRequest {
  readonly format: unknown;
}

export interface ResponsesServer extends ModelServer {
  readonly requests: readonly CodexRequest[];
}

/**
 * A server on 127.0.0.1 that speaks the streaming Responses API of OpenAI and answers as a script says. A tool call with text as input
 * is one of a free-form tool. `url` is for `OPENAI_BASE_URL`.
 */
export async function startResponsesServer(script: Script): Promise<ResponsesServer> {
  const requests: CodexRequest[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.method !== 'POST' || request.url !== '/v1/responses') {
        sendError(response, 404, `no ${request.method} ${request.url} here`);
        return;
      }
      try {
        const asked = asRequest(JSON.parse(body), request.headers);
        requests.push(asked);
        sendTurn(response, script(asked), requests.length);
      } catch (error) {
        // A script that throws must fail its test, not hang it.
        sendError(response, 500, String(error));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function asRequest(body: unknown, headers: IncomingHttpHeaders): CodexRequest {
  const { model, instructions = '', input, tools, text: answer } = Body.parse(body);
  const messages = input.filter(({ type }) => type === 'message');
  const ofRole = (...roles: unknown[]) =>
    messages.filter((item) => roles.includes(item['role'])).map((item) => JSON.stringify(item));
  // Newer models get their tools as an item of the input, in namespaces.
  const offered = [
    ...tools,
    ...input.flatMap((item) => z.array(Tool).catch([]).parse(item['tools'])),
  ];
  return {
    model,
    system: [instructions, ...ofRole('developer', 'system')].join('\n'),
    tools: offered.flatMap(({ name, type, tools: inner }) =>
      inner === undefined ? [name ?? type] : inner.map((tool) => tool.name),
    ),
    prompt: ofRole('user').at(-1) ?? '',
    turn: turnsIn(input),
    sent: JSON.stringify({
      instructions,
      input: input.filter((item) => item['tools'] === undefined),
    }),
    headers,
    format: answer?.format,
  };
}

/** Calls of one turn come one after the other, and so do what they gave. */
const turnsIn = (input: readonly z.infer<typeof Item>[]) =>
  input.filter(({ type }, at) => isOutput(type) && !isOutput(input[at - 1]?.type ?? '')).length;
const isOutput = (type: string) => type.endsWith('_call_output');

function sendTurn(response: ServerResponse, turn: Turn, n: number): void {
  if ('hang' in turn) return;
  if ('status' in turn) {
    sendError(response, turn.status, 'the script refuses');
    return;
  }
  const id = `resp_${n}`;
  const items = 'say' in turn ? [message(turn.say, n)] : turn.use.map(call(n));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of [
    { type: 'response.created', response: { id } },
    ...items.map((item) => ({ type: 'response.output_item.done', item })),
    { type: 'response.completed', response: { id, usage } },
  ]) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

const usage = {
  input_tokens: TURN_TOKENS.input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: TURN_TOKENS.output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: TURN_TOKENS.input + TURN_TOKENS.output,
};

const message = (words: string, n: number) => ({
  type: 'message',
  role: 'assistant',
  id: `msg_${n}`,
  content: [{ type: 'output_text', text: words }],
});

const call =
  (n: number) =>
  ({ name, input }: { readonly name: string; readonly input: unknown }, index: number) => {
    const of = { id: `call_${n}_${index}`, call_id: `call_${n}_${index}`, name };
    return typeof input === 'string'
      ? { type: 'custom_tool_call', ...of, input }
      : { type: 'function_call', ...of, arguments: JSON.stringify(input) };
  };

function sendError(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message: words, type: 'error', code: null } }));
}
