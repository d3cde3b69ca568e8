import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { asModelRequest } from './model-request.ts';
import type { ModelRequest } from './model-request.ts';

export type { ModelRequest } from './model-request.ts';

/** What the model does next. */
export type Turn =
  /** Words, and the turn is over. */
  | { readonly say: string }
  /** Tool calls; what they gave comes back in the next request. */
  | { readonly use: readonly ToolCall[] }
  /** The API refuses. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** No answer ever. */
  | { readonly hang: true };

export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
}

/** Decides the next turn from what the model was sent. */
export type Script = (request: ModelRequest) => Turn;

export interface ModelServer extends AsyncDisposable {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** Every call of the model so far, oldest first. */
  readonly requests: readonly ModelRequest[];
}

/** Tokens every turn claims to have used. */
export const TURN_TOKENS = { input: 100, output: 10 };

/** A server on 127.0.0.1 that speaks the streaming Messages API of Anthropic and answers as a script says. */
export async function startModelServer(script: Script): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, response, (body) => {
      const asked = asModelRequest(body, request.headers);
      requests.push(asked);
      return script(asked);
    }).catch((error: unknown) => {
      // A script that throws must fail its test, not hang it: the agent reports a 500 with this text.
      if (!response.headersSent) sendError(response, 500, String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  next: (body: unknown) => Turn,
): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0];
  const body = await text(request);
  if (request.method === 'HEAD') {
    response.end();
  } else if (request.method === 'POST' && path === '/v1/messages/count_tokens') {
    sendJson(response, 200, { input_tokens: TURN_TOKENS.input });
  } else if (request.method === 'POST' && path === '/v1/messages') {
    const json: unknown = JSON.parse(body);
    sendTurn(response, next(json), modelOf(json));
  } else {
    sendError(response, 404, `no ${request.method} ${path} here`);
  }
}

const modelOf = (body: unknown) => (body as { model?: string }).model ?? 'scripted-model';

function sendTurn(response: ServerResponse, turn: Turn, model: string): void {
  if ('hang' in turn) return;
  if ('status' in turn) {
    for (const [name, value] of Object.entries(turn.headers ?? {})) response.setHeader(name, value);
    sendError(response, turn.status, 'the script refuses');
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of streamOf(turn, model)) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

type StreamEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

let messages = 0;

/** The server-sent events of one assistant message. */
function* streamOf(
  turn: Extract<Turn, { say: string } | { use: unknown }>,
  model: string,
): Generator<StreamEvent> {
  const usage = { input_tokens: TURN_TOKENS.input, output_tokens: TURN_TOKENS.output };
  messages += 1;
  const id = `msg_${messages}`;
  yield {
    type: 'message_start',
    message: {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    },
  };
  const blocks = 'say' in turn ? [textBlock(turn.say)] : turn.use.map(toolBlock(id));
  for (const [index, { start, delta }] of blocks.entries()) {
    yield { type: 'content_block_start', index, content_block: start };
    yield { type: 'content_block_delta', index, delta };
    yield { type: 'content_block_stop', index };
  }
  const stop_reason = 'say' in turn ? 'end_turn' : 'tool_use';
  yield { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage };
  yield { type: 'message_stop' };
}

const textBlock = (words: string) => ({
  start: { type: 'text', text: '' },
  delta: { type: 'text_delta', text: words },
});

const toolBlock =
  (message: string) =>
  ({ name, input }: ToolCall, index: number) => ({
    start: { type: 'tool_use', id: `toolu_${message}_${index}`, name, input: {} },
    delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) },
  });

const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

const sendError = (response: ServerResponse, status: number, message: string) =>
  sendJson(response, status, {
    type: 'error',
    error: { type: ERROR_TYPES[status] ?? 'api_error', message },
  });

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
