import { createServer, Agent as HttpAgent } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { createProxyServer } from 'httpxy';

export interface GatewayOptions {
  /** What requests go on to; a path in it comes before theirs. */
  readonly target: string;
  /** Placeholder → the credential that takes its place in the headers of a request. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Address of the web proxy that this machine uses for a URL; empty for none. */
  readonly upstream: (url: string) => string;
}

/**
 * A way to one API, streaming both ways, that puts the credentials in: whoever is inside holds placeholders. The caller listens with it
 * and closes it.
 */
export function createGateway({ target, secrets, upstream }: GatewayOptions): Server {
  const proxy = createProxyServer({
    target,
    changeOrigin: true,
    agent: agentFor(target, upstream(target)),
  });
  proxy.on('error', (error, _request, answer) => {
    if (isResponse(answer)) giveUp(answer, error);
  });
  const server = createServer(
    { keepAliveTimeout: 60_000, requestTimeout: 0 },
    (request, answer) => {
      if (!asksModel(request)) {
        refuse(answer);
        return;
      }
      for (const [name, value] of Object.entries(request.headers)) {
        if (typeof value === 'string') request.headers[name] = filled(value, secrets);
      }
      proxy.web(request, answer).catch((error: Error) => giveUp(answer, error));
    },
  );
  server.on('connection', (socket) => socket.on('error', () => socket.destroy()));
  server.on('close', () => proxy.close());
  return server;
}

/** Calls of a model, as the APIs of Anthropic and OpenAI name them, and lists of models. */
const POSTED =
  /\/(messages|messages\/count_tokens|complete|responses|responses\/compact|chat\/completions|completions|embeddings)$/;
const LOOKED_UP = /^$|^\/$|\/models(\/[\w.:@-]+)?$/;

/**
 * Nothing else goes through: what an API keeps (files, batches, stored answers) would be found by the next agent that comes with the same
 * key, and is the person's own.
 */
function asksModel({ method = '', url = '' }: IncomingMessage): boolean {
  const [path = ''] = url.split('?', 1);
  if (!/^[\w./:@-]*$/.test(path) || path.includes('..')) return false;
  return method === 'POST'
    ? POSTED.test(path)
    : LOOKED_UP.test(path) && /^(GET|HEAD)$/.test(method);
}

function refuse(answer: ServerResponse): void {
  const message = 'only calls of a model go through here';
  answer.writeHead(403, { 'content-type': 'application/json' });
  answer.end(JSON.stringify({ type: 'error', error: { type: 'permission_error', message } }));
}

function agentFor(target: string, via: string) {
  const secure = new URL(target).protocol === 'https:';
  if (via !== '') return new HttpsProxyAgent(via, { keepAlive: true });
  return secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
}

const filled = (value: string, secrets: ReadonlyMap<string, string>): string =>
  [...secrets].reduce((text, [placeholder, secret]) => text.replaceAll(placeholder, secret), value);

/** As the API itself tells an error, so that an agent's program knows that it may ask again. The cause names no address or key. */
function giveUp(answer: ServerResponse, error: Error & { code?: string }): void {
  if (answer.headersSent || answer.destroyed) {
    answer.destroy();
    return;
  }
  const message = `the model's API cannot be reached from this machine (${error.code ?? error.name})`;
  answer.writeHead(502, { 'content-type': 'application/json' });
  answer.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message } }));
}

const isResponse = (answer: unknown): answer is ServerResponse =>
  typeof answer === 'object' && answer !== null && 'headersSent' in answer;
