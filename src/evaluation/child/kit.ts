import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from './channel.ts';
import { Misuse } from './channel.ts';
import type { KitResponse, Line, RequestOptions } from './http.ts';
import { request } from './http.ts';
import type { Page } from 'playwright-core';
import type { PageOptions, Pages } from './page.ts';
import { Remote } from './remote.ts';
import type { RunResult } from './wire.ts';

export interface RunOptions {
  readonly args?: readonly (string | number)[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

type Verb = (path: string, options?: RequestOptions) => Promise<KitResponse>;

/** All that a check has: documented for its author in `reference/kit.md`. */
export interface Kit {
  readonly assert: typeof assert;
  /** Without a slash at its end; empty when the product has no service. */
  readonly baseUrl: string;
  readonly get: Verb;
  readonly head: Verb;
  readonly post: Verb;
  readonly put: Verb;
  readonly patch: Verb;
  readonly delete: Verb;
  readonly options: Verb;
  request(method: string, path: string, options?: RequestOptions): Promise<KitResponse>;
  page(path: string, options?: PageOptions): Promise<Page>;
  until<T>(attempt: () => T | Promise<T>, options?: UntilOptions): Promise<T>;
  run(command: string | readonly string[], options?: RunOptions): Promise<RunResult>;
  load(name: string): Promise<unknown>;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
}

export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

export function createKit(channel: Channel, line: Line, pages: Pages): Kit {
  const verb =
    (method: string): Verb =>
    (path, options) =>
      request(line, { method, path }, options);
  const remote = new Remote(channel);
  return Object.freeze({
    assert,
    baseUrl: line.base ?? '',
    get: verb('GET'),
    head: verb('HEAD'),
    post: verb('POST'),
    put: verb('PUT'),
    patch: verb('PATCH'),
    delete: verb('DELETE'),
    options: verb('OPTIONS'),
    request: (method: string, path: string, options?: RequestOptions) =>
      request(line, { method: method.toUpperCase(), path }, options),
    page: (path: string, options?: PageOptions) => pages.open(path, options),
    until: <T>(attempt: () => T | Promise<T>, options?: UntilOptions) =>
      until(attempt, options, line.patienceMs),
    run: (command: string | readonly string[], options: RunOptions = {}) =>
      runProgram(channel, command, options),
    load: (name: string) => remote.load(name),
    write: async (path: string, text: string) => {
      await channel.ask({ ask: 'write', path, text });
    },
    read: async (path: string) => (await channel.ask({ ask: 'read', path })) as string,
  });
}

async function runProgram(
  channel: Channel,
  command: string | readonly string[],
  { args = [], stdin = '', env = {}, timeoutMs }: RunOptions,
): Promise<RunResult> {
  if (command.length === 0) throw new Misuse('kit.run needs a command');
  const asked = await channel.ask({
    ask: 'run',
    command: typeof command === 'string' ? command : command.map(String),
    args: args.map(String),
    stdin,
    env,
    timeoutMs: timeoutMs ?? null,
  });
  return asked as RunResult;
}

/** Tries again until `attempt` neither throws nor returns false; at the end of the time its last error is thrown. */
async function until<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 5000, everyMs = 100 }: UntilOptions = {},
  patienceMs = Infinity,
): Promise<T> {
  const end = performance.now() + Math.min(timeoutMs, patienceMs);
  for (;;) {
    const last = performance.now() >= end;
    try {
      const value = await attempt();
      if (value !== false) return value;
      if (last) assert.fail(`it did not become true within ${timeoutMs} ms`);
    } catch (error) {
      if (last || error instanceof Misuse) throw error;
    }
    await sleep(everyMs);
  }
}
