import type { PortableError } from './wire.ts';

const MAX_MESSAGE = 4000;

/** An error, or whatever was thrown instead of one, as plain data. */
export function portable(thrown: unknown): PortableError {
  if (!(thrown instanceof Error)) {
    return { name: 'Thrown', message: String(thrown).slice(0, MAX_MESSAGE) };
  }
  const code = (thrown as { code?: unknown }).code;
  return {
    name: thrown.name,
    message: withCause(thrown).slice(0, MAX_MESSAGE),
    ...(typeof code === 'string' && { code }),
    fields: plainFields(thrown),
  };
}

/** `fetch failed` alone tells nobody anything; its cause does. */
function withCause(error: Error): string {
  if (!(error.cause instanceof Error)) return error.message;
  return `${error.message} (${error.cause.message})`;
}

function plainFields(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(error)) {
    const simple = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    if (simple && key !== 'code' && key !== 'name') fields[key] = value as unknown;
  }
  return fields;
}

const KNOWN: ReadonlyMap<string, ErrorConstructor> = new Map(
  [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError].map((known) => [
    known.name,
    known,
  ]),
);

const revived = new WeakSet<object>();

/** Errors of the operating system about what a process may use. */
const BOUNDS = new Set(['EFBIG', 'EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT']);

/**
 * Whether something is an error of a system call that this process made about its files or its limits, however it was wrapped. What a
 * product says of such things is revived, and never one.
 */
export function ownTrouble(thrown: unknown): 'bounds' | 'file' | null {
  const chain = thrown instanceof Error ? [thrown, thrown.cause] : [];
  for (const error of chain) {
    if (!(error instanceof Error) || revived.has(error)) return null;
    const { code, syscall, path } = error as NodeJS.ErrnoException;
    if (typeof syscall !== 'string') continue;
    if (BOUNDS.has(code ?? '')) return 'bounds';
    // Connections have no path.
    return typeof path === 'string' ? 'file' : null;
  }
  return null;
}

/** The error again, of the built-in class it had, so that `assert.rejects` and `instanceof` see what a caller would see. */
export function revive({ name, message, code, fields }: PortableError): Error {
  const error = new (KNOWN.get(name) ?? Error)(message);
  // As own and enumerable as the `this.name = …` of a product's own error class.
  if (error.name !== name) error.name = name;
  revived.add(error);
  return Object.assign(error, fields, code !== undefined && { code });
}
