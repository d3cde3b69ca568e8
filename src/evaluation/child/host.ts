/**
 * A program: holds the product's modules, apart from the check, and calls what it is asked to call. The product can say here
 * what its own functions return, and nothing else.
 */
import { pathToFileURL } from 'node:url';
import { Registry } from './describe.ts';
import { portable } from './portable.ts';
import type { Reply, ToHost } from './wire.ts';
import { MISSING_EXPORT } from './wire.ts';

const send = process.send?.bind(process) as (message: Reply) => void;
delete process.send;
const exit = process.exit.bind(process);
const registry = new Registry();

process.on('disconnect', () => exit(1));
process.on('message', (message) => void answer(message as ToHost));

async function answer(message: ToHost): Promise<void> {
  const { id } = message;
  try {
    const value = message.kind === 'load' ? await load(message) : await call(message);
    send({ kind: 'reply', id, ok: true, value });
  } catch (error) {
    send({ kind: 'reply', id, ok: false, error: portable(error) });
  }
}

async function load({ name, files }: ToHost & { kind: 'load' }): Promise<unknown> {
  let broken: unknown = null;
  for (const file of files) {
    try {
      const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
      const inner = module['default'];
      if (name in module) return registry.describe(module[name]);
      if (isHolder(inner) && name in inner) return registry.describe(inner[name]);
    } catch (error) {
      broken ??= error;
    }
  }
  if (broken !== null) throw broken;
  const missing = new Error(`nothing exports ${name}`);
  missing.name = MISSING_EXPORT;
  throw missing;
}

const isHolder = (value: unknown): value is Record<string, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

async function call({ handle, method, construct, args }: ToHost & { kind: 'call' }) {
  const target = registry.at(handle);
  if (construct) {
    const made: unknown = Reflect.construct(target as new () => unknown, [...args]);
    return { value: registry.describe(made) };
  }
  const callee = method === null ? target : (target as Record<string, unknown>)[method];
  const self = method === null ? undefined : target;
  const value: unknown = await Reflect.apply(callee as () => unknown, self, [...args]);
  return {
    value: registry.describe(value),
    ...(typeof self === 'object' && { self: registry.describe(self) }),
  };
}
