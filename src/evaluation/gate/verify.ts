import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { VerifyObservation } from '../../barrier/index.ts';
import { err, ok, type GateStep, type Infra, type Result } from '../../domain/index.ts';
import { run, type Exit, type Sandbox, type View } from '../../process/index.ts';

export interface Verification {
  /** The project's own test command, run by the shell. */
  readonly command: string;
  /** The product's tree, dependencies installed. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  /** What else it must see, and what it may reach. */
  readonly view?: Pick<View, 'read' | 'routes'>;
  /** Wall-clock cap, ms. */
  readonly timeoutMs: number;
  /** Where its output is kept for a person. */
  readonly logFile: string;
  readonly marker: string;
}

export interface VerifyResult {
  readonly step: GateStep;
  /** How it failed; null: it passed. */
  readonly seen: VerifyObservation | null;
}

/**
 * Runs the project's own tests. They passed only when the command ended by itself with exit code 0. A command that could not be
 * started at all says nothing about the product: that is the machine's.
 */
export async function verify(
  of: Verification,
  signal: AbortSignal,
): Promise<Result<VerifyResult, Infra>> {
  const exit = await run(
    {
      label: 'verify',
      command: ['sh', '-c', of.command],
      cwd: of.dir,
      env: of.env,
      view: { ...of.view, write: [of.dir] },
      sweep: true,
      marker: of.marker,
      limits: { wallMs: of.timeoutMs },
    },
    of.sandbox,
    { signal },
  );
  await mkdir(dirname(of.logFile), { recursive: true });
  await appendFile(of.logFile, `$ ${of.command}\n${exit.stdout}${exit.stderr}\n${exit.summary}\n`);
  const never = whyNeverStarted(exit, of.command);
  if (never !== null) return err({ detail: `verify: \`${of.command}\` ${never}` });
  const tests = countTests(exit.stdout + exit.stderr);
  const passed = exit.cause === 'exited' && exit.code === 0;
  const outcome = exit.cause === 'wall' ? 'timeout' : 'failed';
  return ok({
    step: {
      name: 'verify',
      outcome: passed ? 'passed' : 'failed',
      detail: `\`${of.command}\` ${exit.summary}`,
      ...(tests === null ? {} : { tests }),
    },
    seen: passed ? null : { kind: 'verify', outcome, code: exit.code },
  });
}

/** `sh: 1: pytest: not found`: the shell found no such program. A path (`./test.sh`) is a file of the product, and its absence the product's. */
const NO_PROGRAM = /^\S*sh: (?:line )?(?:\d+: )?([^\s:/]+): (?:command )?not found$/m;

function whyNeverStarted({ cause, code, stderr, summary }: Exit, command: string): string | null {
  if (cause === 'not_started') return summary;
  const program = code === 127 ? NO_PROGRAM.exec(stderr.trim())?.[1] : undefined;
  // One that only a script of the project asks for is missing from the product.
  return program === undefined || !command.split(/[\s;&|()]+/).includes(program)
    ? null
    : `could not be started: there is no program ${program} on the PATH; install it, or correct \`verify:\``;
}

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
}

/** Closing lines of the usual runners; each answers only when its own line is there. */
const RUNNERS: readonly ((output: string) => TestCount | null)[] = [
  // node:test: "# pass 3" / "ℹ pass 3"
  (output) => both(output, /^(?:#|ℹ) pass (\d+)$/m, /^(?:#|ℹ) fail (\d+)$/m),
  // vitest: "Tests  1 failed | 3 passed (4)"; jest: "Tests:  1 failed, 3 passed, 4 total"
  (output) => onLine(output, /^\s*Tests:?\s.*$/m),
  // pytest: "=== 1 failed, 3 passed in 0.1s ==="
  (output) => onLine(output, /^=+ .*\b(?:passed|failed)\b.* in [\d.]+s.*=+$/m),
  // cargo: "test result: ok. 3 passed; 0 failed; …"
  (output) => onLine(output, /^test result: .*$/m),
  // mocha: "3 passing (4ms)" / "1 failing"
  (output) => both(output, /^\s*(\d+) passing\b/m, /^\s*(\d+) failing\b/m),
];

/** Tests as a runner that we know counted them in its closing line; null when there is none. */
export function countTests(output: string): TestCount | null {
  // oxlint-disable-next-line no-control-regex -- colours
  const plain = output.replace(/\u001b\[[0-9;]*m/g, '');
  for (const runner of RUNNERS) {
    const count = runner(plain);
    if (count !== null) return count;
  }
  return null;
}

function both(output: string, passed: RegExp, failed: RegExp): TestCount | null {
  const good = passed.exec(output)?.[1];
  const bad = failed.exec(output)?.[1];
  return good === undefined && bad === undefined
    ? null
    : { passed: Number(good ?? 0), failed: Number(bad ?? 0) };
}

function onLine(output: string, line: RegExp): TestCount | null {
  const found = line.exec(output)?.[0];
  return found === undefined ? null : both(found, /(\d+) passed/, /(\d+) failed/);
}
