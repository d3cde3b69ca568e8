import type { Described } from './wire.ts';

const DEPTH = 4;
const COLLECT = 10_000;

type Fields = Record<string, unknown>;

/** Turns the product's values into what can travel, and keeps what cannot under a number. */
export class Registry {
  readonly #kept: unknown[] = [];

  at(handle: number): unknown {
    return this.#kept[handle];
  }

  describe(value: unknown, depth = 0): Described {
    if (typeof value === 'function') {
      const { prototype } = value as { prototype?: unknown };
      return {
        is: 'function',
        handle: this.#keep(value),
        methods: Object.keys(value).filter((key) => isFunction((value as unknown as Fields)[key])),
        instance: isObject(prototype) ? methodsOf(prototype, []) : [],
      };
    }
    if (typeof value === 'symbol') return { is: 'value', value: String(value) };
    if (!isObject(value) || isPlain(value)) return { is: 'value', value };
    if (Array.isArray(value)) return this.#list(value, depth);
    if (isIterator(value)) return { is: 'value', value: collect(value) };
    return this.#object(value, depth);
  }

  #list(values: readonly unknown[], depth: number): Described {
    const items = depth < DEPTH ? values.map((item) => this.describe(item, depth + 1)) : [];
    return { is: 'list', items };
  }

  #object(value: object, depth: number): Described {
    const data: Record<string, Described> = {};
    for (const key of fieldsOf(value)) {
      const member = peek(value, key);
      if (isFunction(member)) continue;
      if (depth < DEPTH) data[key] = this.describe(member, depth + 1);
    }
    return { is: 'object', handle: this.#keep(value), data, methods: methodsOf(value, []) };
  }

  #keep(value: unknown): number {
    const known = this.#kept.indexOf(value);
    if (known !== -1) return known;
    return this.#kept.push(value) - 1;
  }
}

const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Data through and through: a structured clone loses nothing of it. */
function isPlain(value: object, depth = 0): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown;
  const builtIn =
    value instanceof Date ||
    value instanceof RegExp ||
    value instanceof Error ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer;
  if (builtIn) return true;
  if (depth > 20) return true;
  if (value instanceof Map || value instanceof Set) {
    return [...value].flat().every((member) => isPlainMember(member, depth));
  }
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((member) => isPlainMember(member, depth));
}

const isPlainMember = (member: unknown, depth: number): boolean =>
  !isFunction(member) && (!isObject(member) || isPlain(member, depth + 1));

const isIterator = (value: object): value is Iterable<unknown> =>
  Symbol.iterator in value && isFunction((value as { next?: unknown }).next);

function collect(values: Iterable<unknown>): unknown[] {
  const list: unknown[] = [];
  for (const value of values) if (list.push(value) >= COLLECT) break;
  return list;
}

/** Own fields, and the getters of its classes. */
function fieldsOf(value: object): string[] {
  const names = new Set(Object.keys(value));
  for (const prototype of prototypes(value)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (property.get) names.add(name);
    }
  }
  return [...names];
}

function methodsOf(value: object, found: string[]): string[] {
  for (const owner of [value, ...prototypes(value)]) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (isFunction(property.value) && name !== 'constructor') found.push(name);
    }
  }
  return found;
}

function* prototypes(value: object): Generator<object> {
  let prototype = Object.getPrototypeOf(value) as object | null;
  while (prototype !== null && prototype !== Object.prototype) {
    yield prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
}

/** A getter that throws has no value to show. */
function peek(value: object, key: string): unknown {
  try {
    return (value as Fields)[key];
  } catch {
    return undefined;
  }
}
