import { existsSync } from 'node:fs';
import type { Exit, Limits, SpawnPlan } from './plan.ts';

/** `45 ms`, `2.5 s`, `10 min`. */
function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(1))} s`;
  return `${Number((ms / 60_000).toFixed(1))} min`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Number((bytes / 1024).toFixed(1))} KiB`;
  return `${Number((bytes / 1024 / 1024).toFixed(1))} MiB`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOEXEC: 'it is not a program this system can run',
  E2BIG: 'its arguments and environment are too long for this system',
  EAGAIN: 'this system allows no more processes now',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this system',
  ENOMEM: 'this system is out of memory',
};

/** A command no system could start; null when it can be tried. */
export function whyImpossible(plan: SpawnPlan): string | null {
  if (plan.command[0] === '') return 'the command is empty';
  return plan.command.some((part) => part.includes('\0')) ? 'the command holds a NUL byte' : null;
}

/** Why a program did not start, in words that say what to look at. */
export function whyNotStarted(
  plan: SpawnPlan,
  error: { readonly code: string; readonly message: string },
): string {
  const [file] = plan.command;
  if (error.code === 'ENOENT' && !existsSync(plan.cwd)) {
    return `the folder ${plan.cwd} does not exist`;
  }
  if (error.code === 'ENOENT') return whyNotFound(file);
  if (error.code === 'ENOTDIR') return `${plan.cwd} or a part of ${file} is not a folder`;
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return `permission to execute ${file} was denied (is it executable?)`;
  }
  return REASONS[error.code] ?? error.message.split('\n', 1)[0] ?? error.code;
}

function whyNotFound(file: string): string {
  if (!file.includes('/')) return `there is no program ${file} on the PATH`;
  return existsSync(file)
    ? `the interpreter that the first line of ${file} names does not exist`
    : `there is no file ${file}`;
}

interface Facts extends Pick<Exit, 'code' | 'signal'> {
  readonly limits: Limits;
  /** Why it was not started. */
  readonly reason: string;
}

/** One line for a person, by cause. */
export const summaries: Readonly<Record<Exit['cause'], (facts: Facts) => string>> = {
  exited: ({ code }) => `exited with code ${code}`,
  signalled: ({ signal }) => `was ended by ${signal}`,
  not_started: ({ reason }) => `could not be started: ${reason}`,
  idle: ({ limits }) => `was silent for ${duration(limits.idleMs ?? 0)}`,
  wall: ({ limits }) => `took longer than ${duration(limits.wallMs ?? 0)}`,
  flood: ({ limits }) => `wrote more than ${size(limits.floodBytes ?? 0)}`,
  stopped: () => 'was stopped',
};
