import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Problem, Result } from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';
import { makeFactoryDir, segment } from './folder.ts';
import { attempt, errnoOf, fileProblem } from './problem.ts';

/** Who works on a spec. */
export const LockOwner = z.object({
  pid: z.int(),
  host: z.string(),
  /** When it started, ISO 8601. */
  started: z.string(),
  /** How it was called. */
  command: z.string(),
});
export type LockOwner = z.infer<typeof LockOwner>;

export interface SpecLock {
  /** Idempotent. The end of the process, however it comes, does the same. */
  release(): void;
}

interface Paths {
  readonly lock: string;
  readonly owner: string;
}

const pathsOf = (projectDir: string, spec: string): Paths => {
  const dir = join(projectDir, '.factory', 'locks');
  return { lock: join(dir, `${segment(spec)}.lock`), owner: join(dir, `${segment(spec)}.json`) };
};

/**
 * One run per spec at a time. Fails with a `Problem` that says who holds it.
 *
 * The lock is the kernel's own (open file description locks on Linux, BSD locks on macOS, LockFileEx on Windows), because
 * only the kernel frees it the moment its owner dies, `kill -9` included, and hands it to exactly one of two that race for it. Libraries that
 * infer a stale owner cannot: by age (proper-lockfile, lockfile) they make a resume wait seconds, by process id they take a
 * reused id, or one of another container or host, for the owner. The file beside it only tells people who the owner is; it never decides.
 */
export async function lockSpec(
  projectDir: string,
  spec: string,
  owner: LockOwner,
): Promise<Result<SpecLock, Problem>> {
  const paths = pathsOf(projectDir, spec);
  const opened = attempt(paths.lock, () => {
    makeFactoryDir(join(projectDir, '.factory'));
    mkdirSync(join(projectDir, '.factory', 'locks'), { recursive: true });
    return openSync(paths.lock, 'a+');
  });
  if (!opened.ok) return opened;
  const fd = opened.value;
  const granted = await acquire(fd, paths.lock);
  if (!granted.ok || !granted.value) {
    closeSync(fd);
    return granted.ok ? err(held(spec, paths)) : granted;
  }
  const written = attempt(paths.owner, () => {
    writeFileSync(`${paths.owner}.new`, `${JSON.stringify(owner)}\n`);
    renameSync(`${paths.owner}.new`, paths.owner);
  });
  if (!written.ok) {
    closeSync(fd);
    return written;
  }
  let open = true;
  return ok({
    release() {
      // Closing the descriptor is what frees the lock.
      if (open) closeSync(fd);
      open = false;
    },
  });
}

/** Who works on a spec right now; null when nobody does. Takes no lock away and creates nothing. */
export async function lockHolder(
  projectDir: string,
  spec: string,
): Promise<Result<LockOwner | null, Problem>> {
  const paths = pathsOf(projectDir, spec);
  let fd: number;
  try {
    fd = openSync(paths.lock, 'r');
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? ok(null) : err(fileProblem(error, paths.lock));
  }
  try {
    const free = await tryLock(fd, paths.lock, { shared: true });
    if (!free.ok) return free;
    return ok(free.value ? null : readOwner(paths.owner));
  } finally {
    closeSync(fd);
  }
}

/** A few tries: somebody who only asks `lockHolder` has the lock for a moment, and must not turn a run away. */
async function acquire(fd: number, file: string): Promise<Result<boolean, Problem>> {
  for (let tries = 5; ; tries -= 1) {
    const granted = await tryLock(fd, file, {});
    if (!granted.ok || granted.value || tries === 1) return granted;
    await pause(20);
  }
}

async function tryLock(
  fd: number,
  file: string,
  options: { shared?: boolean },
): Promise<Result<boolean, Problem>> {
  try {
    // Loaded when needed, so that `--help` does not pay for a native module.
    const { default: locks } = await import('fs-native-extensions');
    return ok(locks.tryLock(fd, options));
  } catch (error) {
    return err({
      where: file,
      what: `This system cannot lock files: ${error instanceof Error ? error.message : String(error)}`,
      remedy:
        'Put the project on a local disk, on Linux (glibc), macOS or Windows; no run starts unlocked.',
    });
  }
}

const nobody: LockOwner = { pid: 0, host: 'unknown', started: 'unknown', command: 'unknown' };

function readOwner(file: string): LockOwner {
  try {
    const parsed = LockOwner.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : nobody;
  } catch (error) {
    // The owner has the lock and is about to write the file, or a person deleted it.
    if (!(error instanceof SyntaxError)) errnoOf(error);
    return nobody;
  }
}

function held(spec: string, paths: Paths): Problem {
  const { pid, host, started, command } = readOwner(paths.owner);
  return {
    where: spec,
    what: `Another run is at work on this spec: process ${String(pid)} on ${host}, started ${started} (${command}).`,
    remedy: `Follow it with "implement-factory status ${spec}", wait for it, or stop it with "kill ${String(pid)}" and start again: the run resumes.`,
  };
}
