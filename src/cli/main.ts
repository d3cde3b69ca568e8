import { CommanderError } from 'commander';
import { EXIT } from './exit.ts';
import { outlivesTerminal } from './hangup.ts';
import { isMachines, machineProblem } from './machine.ts';
import { programFor } from './program/program.ts';
import { worldOf, type Output, type World } from './world.ts';

/** Runs the command line of a process. Never throws: the answer is the exit code. */
export async function main(process: NodeJS.Process): Promise<number> {
  const world = worldOf(process);
  // Without it Node.js would end.
  if (outlivesTerminal(world.env)) process.on('SIGHUP', () => undefined);
  const output = watchOutput(world);
  const code = await perform(world);
  const failure = await output.lost();
  if (output.hungUp()) world.hangUp();
  return failure === null || code !== EXIT.completed ? code : await stopped(world, failure);
}

async function perform(world: World): Promise<number> {
  let code: number = EXIT.completed;
  try {
    await programFor(world, (answer) => (code = answer)).parseAsync([...world.argv]);
    return code;
  } catch (error) {
    // Help and version end this way too, with exit code 0; everything else was said by commander already.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? EXIT.completed : EXIT.invalid;
    if (isMachines(error)) return await stopped(world, error);
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.stderr.write(
      `implement-factory: internal error, which is our bug. Nothing is lost: the same command resumes.\n${trace}\n`,
    );
    return EXIT.bug;
  }
}

async function stopped(world: World, error: NodeJS.ErrnoException): Promise<number> {
  // Loaded when needed, so that `--help` does not pay for it.
  const { refuse, refused } = await import('./refusal.ts');
  return refuse(world, refused(machineProblem(error), EXIT.stopped).error);
}

/** Readers that went away: `… | head`, a terminal that was closed. That ends the reader, not the run. */
const GONE = new Set(['EPIPE', 'EIO', 'ECONNRESET']);

interface Watched {
  /** Waits for what is written, and tells why data was lost on stdout. */
  readonly lost: () => Promise<NodeJS.ErrnoException | null>;
  /** The terminal that was written to is no more. */
  readonly hungUp: () => boolean;
}

/** Keeps output that fails from ending the process. */
function watchOutput({ stdout, stderr }: World): Watched {
  let lost: NodeJS.ErrnoException | null = null;
  let hungUp = false;
  const look = (output: Output, error: NodeJS.ErrnoException) => {
    hungUp ||= output.isTTY === true && error.code === 'EIO';
  };
  stderr.on('error', (error: NodeJS.ErrnoException) => look(stderr, error));
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    look(stdout, error);
    if (!GONE.has(error.code ?? '')) lost = error;
  });
  return {
    lost: () =>
      new Promise((resolve) => {
        // An error is emitted after the callback of the write it belongs to.
        stdout.write('', () => setImmediate(() => resolve(lost)));
      }),
    hungUp: () => hungUp,
  };
}
