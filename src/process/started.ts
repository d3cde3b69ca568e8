import { existsSync } from 'node:fs';
import { gateSaid } from './gate.ts';
import { groupHold } from './group.ts';
import type { Hold } from './hold.ts';
import { launch, launchEnclosed, gateOf, type Child } from './launch.ts';
import { newMarker, sweepProcess } from './marker.ts';
import { Namespace } from './namespace.ts';
import type { Enclosure, Exit, Sandbox, SpawnPlan } from './plan.ts';
import { signalOf } from './signal.ts';

type End = Pick<Exit, 'code' | 'signal'>;

/** A child process, how it and its descendants are reached, and what its end means. */
export interface Started {
  readonly child: Child;
  readonly pid: number;
  readonly hold: Hold;
  /** `stderr` is all it wrote there. */
  readonly meaning: (end: End, stderr: string) => End | { readonly notStarted: string };
}

/** Starts a plan where its sandbox says; only the child when it could not be created. */
export function start(
  plan: SpawnPlan,
  sandbox: Sandbox,
  graceMs: number,
): Started | { readonly child: Child; readonly pid?: never } {
  const marker = newMarker(plan.marker);
  if (sandbox.kind === 'bwrap') return enclosed(plan, sandbox.enclose(plan), marker);
  const child = launch(plan, marker);
  const { pid } = child;
  if (pid === undefined) return { child };
  const sweep = () => (plan.sweep === true ? sweepProcess(marker, graceMs) : Promise.resolve());
  return { child, pid, hold: groupHold(pid, graceMs, sweep), meaning: (end) => end };
}

/** In a PID namespace nothing can be left to sweep. */
function enclosed(
  plan: SpawnPlan,
  enclosure: Enclosure,
  marker: string,
): Started | { readonly child: Child; readonly pid?: never } {
  const child = launchEnclosed(plan, enclosure, marker);
  const { pid } = child;
  if (pid === undefined) return { child };
  const hold = new Namespace(pid, gateOf(child));
  return {
    child,
    pid,
    hold,
    meaning(end, stderr) {
      const { code } = end;
      if (code === null) return end;
      if (!hold.isOpen) return { notStarted: whyNotEnclosed(stderr) };
      const said = gateSaid(marker, code, stderr) ?? enclosure.notStarted?.(code, stderr) ?? null;
      if (said !== null) return { notStarted: whyNotInside(plan, said) };
      const signal = signalOf(code);
      return signal === null ? { code, signal } : { code: null, signal };
    },
  };
}

const CHDIR = /^bwrap: Can't chdir to ([^\n]*): [^:\n]+$/m;
const SOURCE = /^bwrap: Can't find source path ([^\n]*): [^:\n]+$/m;

/** Why bwrap did not get as far as the gate. */
function whyNotEnclosed(stderr: string): string {
  const [, folder] = CHDIR.exec(stderr) ?? [];
  if (folder !== undefined) return `the folder ${folder} does not exist in its sandbox`;
  const [, source] = SOURCE.exec(stderr) ?? [];
  if (source !== undefined) return `its sandbox is to show ${source}, which does not exist`;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return `its sandbox could not be set up: ${said === '' ? 'bwrap gave no reason' : said}`;
}

/** From the words of the C library, or an error code: all that programs in a sandbox leave us. */
function whyNotInside({ command: [file] }: SpawnPlan, said: string): string {
  if (/^(Permission denied|Operation not permitted|EACCES|EPERM)$/.test(said))
    return `permission to execute ${file} was denied (is it executable?)`;
  if (/^(Argument list too long|E2BIG)$/.test(said))
    return 'its arguments and environment are too long for this system';
  if (!/^(No such file or directory|not found|ENOENT)$/.test(said)) return `${file}: ${said}`;
  if (!file.includes('/')) return `there is no program ${file} on the PATH in its sandbox`;
  return existsSync(file)
    ? `${file}, or the interpreter that its first line names, is not visible in its sandbox`
    : `there is no file ${file}`;
}
