import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { NullAnswer } from '../../domain/index.ts';
import type { Ask, RunResult } from '../child/wire.ts';
import { MISSING_EXPORT } from '../child/wire.ts';
import type { SpawnPlan } from '../../process/index.ts';
import { ProductCopy } from '../product/copy.ts';
import type { Answer, ProductPlace } from '../product/product.ts';
import { isUnsayable, misuse, ProductAccess, UNSAYABLE } from '../product/product.ts';

/** How commands and exports behave beside each answer of a null service. */
type Manner = 'missing' | 'silent' | 'hang';

const mannerOf = (answer: NullAnswer): Manner => {
  if (answer === 'hang') return 'hang';
  return answer === 'silent' || answer === 'empty' || answer === '{}' ? 'silent' : 'missing';
};

/** Programs that a test of its own accord would start the product with. */
const STARTERS = ['node', 'npm', 'npx', 'sh'];
/** Every command that is not there has been there, and has said nothing. */
const ALL_SILENT = 'command_not_found_handle() { return 0; }\n';

/** Stands for the number of whatever was loaded. */
const HANDLE = 1;

/** An empty folder of the attempt's own, in which a test that starts the product by itself finds nothing, or nothing but silence. */
class NullCopy extends ProductCopy {
  readonly #place: ProductPlace;
  readonly #silent: boolean;

  constructor(place: ProductPlace, silent: boolean) {
    const nothing = path.join(place.scratch, 'nothing');
    super(place.bench, place.scratch, async () => {
      await mkdir(nothing);
      return { dir: nothing };
    });
    this.#place = place;
    this.#silent = silent;
  }

  override async plan(...of: Parameters<ProductCopy['plan']>): Promise<SpawnPlan> {
    const plan = await super.plan(...of);
    if (!this.#silent) return plan;
    const folder = path.join(this.#place.scratch, 'silent');
    await mkdir(folder, { recursive: true });
    const handler = path.join(folder, 'handler.bash');
    await writeFile(handler, ALL_SILENT);
    for (const name of STARTERS)
      await writeFile(path.join(folder, name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const PATH = [folder, plan.env['PATH'] ?? ''].join(path.delimiter);
    return {
      ...plan,
      env: { ...plan.env, PATH, BASH_ENV: handler },
      view: { ...plan.view, read: [folder, ...(plan.view?.read ?? [])] },
    };
  }
}

/** Commands and exports of a product that is none. Files are as real as ever: a check may write and read its own. */
export class NullProduct extends ProductAccess {
  readonly #manner: Manner;

  constructor(place: ProductPlace, answer: NullAnswer) {
    const manner = mannerOf(answer);
    // A test that asks a service may ask it with any program: to silence those would be to silence the test.
    super(place, new NullCopy(place, answer === 'silent'));
    this.#manner = manner;
  }

  override answer(ask: Ask): Promise<Answer> {
    switch (ask.ask) {
      case 'run':
        return Promise.resolve(this.#run(ask));
      case 'load':
        return Promise.resolve(this.#load(ask.name));
      case 'call':
        return Promise.resolve(this.#call(ask.method));
      case 'write':
      case 'read':
        return super.answer(ask);
    }
  }

  #run({ command, args, env }: Ask & { ask: 'run' }): Answer {
    if (isUnsayable([command, ...args].flat(), env)) return misuse(UNSAYABLE);
    const text = [command, ...args].flat().join(' ');
    const program = [command].flat().join(' ').trim().split(/\s/)[0] ?? '';
    const said = this.#manner === 'missing' ? `sh: 1: ${program}: not found\n` : '';
    const code = this.#manner === 'silent' ? 0 : this.#manner === 'missing' ? 127 : null;
    const seen = { code, signal: null, stdout: '', stderr: said };
    const list = typeof command !== 'string' && this.#manner === 'missing';
    const error = this.#manner === 'hang' ? 'timeout' : list ? 'not_started' : null;
    this.observations.push({
      kind: 'command',
      at: performance.now(),
      command: text,
      ...seen,
      error,
      ms: 0,
    });
    if (error === 'timeout') return thrown(`${text} did not end in time`);
    if (error === 'not_started') return thrown(`${text} could not be started`);
    return { ok: true, value: seen satisfies RunResult };
  }

  #load(name: string): Answer {
    const outcome = { missing: 'missing', silent: 'loaded', hang: 'timeout' } as const;
    this.#saw(name, null, outcome[this.#manner]);
    switch (this.#manner) {
      case 'silent':
        return {
          ok: true,
          value: { is: 'function', handle: HANDLE, methods: [], instance: [] },
        };
      case 'missing':
        return thrown(`the product exports no ${name}`, MISSING_EXPORT);
      case 'hang':
        return thrown('the product did not answer in time', 'Timeout');
    }
  }

  #call(method: string | null): Answer {
    this.#saw('', method, 'returned');
    return { ok: true, value: { value: { is: 'value', value: undefined } } };
  }

  #saw(
    name: string,
    method: string | null,
    outcome: 'missing' | 'loaded' | 'timeout' | 'returned',
  ): void {
    const at = performance.now();
    this.observations.push({ kind: 'call', at, name, method, outcome, message: null, ms: 0 });
  }
}

const thrown = (message: string, name = 'Error'): Answer => ({
  ok: false,
  error: { name, message },
});
