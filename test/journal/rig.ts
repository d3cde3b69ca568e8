import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Problem, Result, RunFact } from '../../src/domain/index.ts';
import { unitId } from '../../src/domain/index.ts';

/** A temporary folder that goes away with the test. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The value of a result that must be one. */
export function value<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** The problem of a result that must be one. */
export function problem<T>(result: Result<T, Problem>): Problem {
  if (result.ok) throw new Error(`expected a problem, got ${JSON.stringify(result.value)}`);
  return result.error;
}

/** A clock that moves one second with every look. */
export function clock(start = '2026-01-02T03:04:05.000Z'): () => Date {
  let ms = Date.parse(start);
  return () => new Date((ms += 1000) - 1000);
}

export const noted = (message: string): RunFact => ({ type: 'run.noted', message });

export const coded = (unit: string): RunFact => ({
  type: 'code.started',
  unit: unitId(unit),
  iteration: 1,
  attempt: 1,
  base: 'abc',
});

export const owner = (pid: number) => ({
  pid,
  host: hostname(),
  started: '2026-01-02T03:04:05.000Z',
  command: 'implement-factory run 001',
});
