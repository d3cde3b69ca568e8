import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Sandbox, SpawnPlan } from '../../process/index.ts';
import { run } from '../../process/index.ts';
import type { Ask } from '../child/wire.ts';
import { inside } from './tree.ts';

type FileAsk = Ask & { ask: 'write' | 'read' };

/** What became of it; `outside`: the path leads out of the folder. */
export type FileAnswer =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'written' | 'missing' | 'outside' }
  | { readonly is: 'unwritable'; readonly why: string };

/** Where a check's files are, and who may touch them. */
export interface FilePlace {
  readonly tree: string;
  readonly sandbox: Sandbox;
  /** A plan with the eyes and hands of the product. */
  readonly plan: (command: SpawnPlan['command']) => Promise<SpawnPlan>;
}

/** Reads or writes a file of an attempt for its check. */
export async function touchFile(ask: FileAsk, place: FilePlace): Promise<FileAnswer> {
  const file = inside(place.tree, ask.path);
  if (file === null) return { is: 'outside' };
  return place.sandbox.kind === 'none' ? directly(ask, file) : shutIn(ask, file, place);
}

async function directly(ask: FileAsk, file: string): Promise<FileAnswer> {
  if (ask.ask === 'read') {
    const text = await readFile(file, 'utf8').catch(() => null);
    return text === null ? { is: 'missing' } : { is: 'text', text };
  }
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, ask.text);
    return { is: 'written' };
  } catch (error) {
    return { is: 'unwritable', why: (error as Error).message };
  }
}

const WRITE = 'mkdir -p -- "$(dirname -- "$1")" && exec cat > "$1"';
const FILE_MS = 10_000;
const FILE_BYTES = 8 * 1024 * 1024;

/** In the product's own sandbox: whatever links the product has made, they lead nowhere else than for itself. */
async function shutIn(
  ask: FileAsk,
  file: string,
  { plan, sandbox }: FilePlace,
): Promise<FileAnswer> {
  const limits = { wallMs: FILE_MS, graceMs: 500, keepBytes: FILE_BYTES };
  const planned =
    ask.ask === 'read'
      ? await plan(['cat', '--', file])
      : { ...(await plan(['sh', '-c', WRITE, 'sh', file])), stdin: ask.text };
  const exit = await run({ ...planned, limits }, sandbox);
  const done = exit.cause === 'exited' && exit.code === 0 && exit.cut !== true;
  if (ask.ask === 'read') return done ? { is: 'text', text: exit.stdout } : { is: 'missing' };
  return done
    ? { is: 'written' }
    : { is: 'unwritable', why: exit.stderr.trim().split('\n').at(-1) ?? exit.summary };
}
