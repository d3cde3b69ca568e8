import { performance } from 'node:perf_hooks';
import type { SpawnPlan } from '../../process/index.ts';
import { run } from '../../process/index.ts';
import type { Ask, PortableError, Reply, RunResult } from '../child/wire.ts';
import { MISSING_EXPORT } from '../child/wire.ts';
import { ProductCopy } from './copy.ts';
import type { ProductFiles } from './copy.ts';
import { touchFile } from './files.ts';
import { ProductHost } from './host.ts';
import { childProgram } from './programs.ts';
import { modulesExporting } from './exports.ts';
import { argv, commandSeen } from '../attempt/command.ts';
import type { Observation } from '../attempt/observation.ts';
import type { Bench } from '../settings.ts';

export type Answer = { ok: true; value: unknown } | Omit<Reply & { ok: false }, 'kind' | 'id'>;

export interface ProductPlace {
  readonly bench: Bench;
  readonly scratch: string;
  /** The product's tree, made when it is first needed; throws `NoProduct`. */
  readonly source: () => Promise<ProductFiles>;
  readonly signal: AbortSignal;
}

/** Default time for a command, ms; a call has the same. */
const TIMEOUT_MS = 10_000;
/** What a check gets of each stream, bytes. */
const OUTPUT_BYTES = 8 * 1024 * 1024;

/**
 * One attempt's hands on the product apart from HTTP: answers what the check asks for, in processes of their own, and writes
 * down what it sees. Made for one attempt, closed after it.
 */
export class ProductAccess {
  readonly observations: Observation[] = [];
  /** The attempt's own. */
  readonly copy: ProductCopy;
  readonly #bench: Bench;
  readonly #signal: AbortSignal;
  readonly #closing = new AbortController();
  readonly #working = new Set<Promise<Answer>>();
  #host: Promise<ProductHost> | null = null;
  readonly #names = new Map<number, string>();

  constructor(
    place: ProductPlace,
    copy: ProductCopy = new ProductCopy(place.bench, place.scratch, place.source),
  ) {
    this.#bench = place.bench;
    this.copy = copy;
    this.#signal = AbortSignal.any([place.signal, this.#closing.signal]);
  }

  /** Asked for and not answered yet. */
  get pending(): number {
    return this.#working.size;
  }

  async answer(ask: Ask): Promise<Answer> {
    const work = this.#dispatch(ask);
    this.#working.add(work);
    try {
      return await work;
    } finally {
      this.#working.delete(work);
    }
  }

  /** Ends whatever still runs, and waits for it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#working);
    const [host] = await Promise.allSettled([this.#host]);
    if (host.status === 'fulfilled') await host.value?.stop();
  }

  async #dispatch(ask: Ask): Promise<Answer> {
    switch (ask.ask) {
      case 'run':
        return this.#run(ask);
      case 'load':
        return this.#load(ask.name);
      case 'call':
        return this.#call(ask);
      case 'write':
      case 'read':
        return this.#file(ask);
    }
  }

  async #run(ask: Ask & { ask: 'run' }): Promise<Answer> {
    const at = performance.now();
    const text = typeof ask.command === 'string' ? ask.command : ask.command.join(' ');
    const timeoutMs = ask.timeoutMs ?? TIMEOUT_MS;
    const base = await this.copy.plan(argv(ask));
    const plan: SpawnPlan = {
      ...base,
      env: { ...base.env, ...ask.env },
      stdin: ask.stdin,
      limits: { wallMs: timeoutMs, graceMs: 500, keepBytes: OUTPUT_BYTES },
    };
    if (isUnsayable(plan.command, ask.env)) return misuse(UNSAYABLE);
    const exit = await run(plan, this.#bench.sandbox, { signal: this.#signal });
    const command = [text, ...ask.args].join(' ');
    const seen = commandSeen(exit, command, at);
    this.observations.push(seen);
    if (seen.error === 'timeout') return thrown(`${command} did not end within ${timeoutMs} ms`);
    if (seen.error !== null) return thrown(`${command} ${exit.summary}`);
    const { code, signal, stdout, stderr } = exit;
    const result: RunResult = { code, signal, stdout, stderr };
    return { ok: true, value: result };
  }

  async #load(name: string): Promise<Answer> {
    const at = performance.now();
    const tree = await this.copy.tree();
    const files = await modulesExporting(tree, name);
    this.#host ??= this.#start();
    const reply = await (await this.#host).ask({ kind: 'load', name, files }, TIMEOUT_MS);
    const outcome = reply.ok ? 'loaded' : failure(reply.error);
    const message = reply.ok ? null : reply.error.message;
    this.observations.push({
      kind: 'call',
      at,
      name,
      method: null,
      message,
      ms: performance.now() - at,
      outcome: outcome === 'threw' ? 'missing' : outcome,
    });
    if (reply.ok) this.#remember(reply.value, name);
    return answerOf(reply);
  }

  async #call({ handle, method, construct, args }: Ask & { ask: 'call' }): Promise<Answer> {
    const at = performance.now();
    const host = await this.#host;
    if (!host) return thrown('nothing was loaded');
    const message = { kind: 'call', handle, method, construct, args } as const;
    const reply = await host.ask(message, TIMEOUT_MS);
    const name = this.#names.get(handle) ?? '';
    this.observations.push({
      kind: 'call',
      at,
      name,
      method,
      ms: performance.now() - at,
      outcome: reply.ok ? 'returned' : failure(reply.error),
      message: reply.ok ? null : reply.error.message,
    });
    if (reply.ok) this.#remember((reply.value as { value?: unknown } | null)?.value, name);
    return answerOf(reply);
  }

  /** Which export a number came from, for the record. */
  #remember(value: unknown, name: string): void {
    if (typeof value !== 'object' || value === null) return;
    const { handle, data, items } = value as { handle?: unknown; data?: object; items?: object };
    if (typeof handle === 'number') this.#names.set(handle, name);
    for (const member of Object.values({ ...data, ...items })) this.#remember(member, name);
  }

  async #file(ask: Ask & { ask: 'write' | 'read' }): Promise<Answer> {
    const answer = await touchFile(ask, {
      tree: await this.copy.tree(),
      sandbox: this.#bench.sandbox,
      plan: (command) => this.copy.plan(command),
    });
    switch (answer.is) {
      case 'text':
        return { ok: true, value: answer.text };
      case 'written':
        return { ok: true, value: null };
      case 'missing':
        return thrown(`there is no file ${ask.path}`);
      case 'outside':
        return misuse(`${ask.path} is outside the working folder`);
      case 'unwritable':
        return misuse(`${ask.path} cannot be written: ${answer.why}`);
    }
  }

  async #start(): Promise<ProductHost> {
    const plan = await this.copy.plan([this.#bench.node, childProgram('host')], {
      read: [childProgram('host')],
    });
    return new ProductHost(plan, this.#bench.sandbox, this.#signal);
  }
}

const failure = (error: PortableError): 'missing' | 'timeout' | 'died' | 'threw' => {
  if (error.name === MISSING_EXPORT) return 'missing';
  if (error.name === 'Timeout') return 'timeout';
  return error.name === 'Died' ? 'died' : 'threw';
};

const answerOf = (reply: Reply): Answer =>
  reply.ok ? { ok: true, value: reply.value } : { ok: false, error: reply.error };

export const UNSAYABLE = 'a command holds a NUL byte';

/** No system could run it, so that nothing the product does would make it pass. */
export const isUnsayable = (
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): boolean => [...command, ...Object.entries(env).flat()].some((part) => part.includes('\0'));

export const misuse = (message: string): Answer => ({
  ok: false,
  misuse: true,
  error: { name: 'Misuse', message },
});

const thrown = (message: string): Answer => ({ ok: false, error: { name: 'Error', message } });
