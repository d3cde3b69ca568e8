import { CommanderError } from 'commander';
import { EXIT } from './exit.ts';
import { programFor } from './program.ts';
import { worldOf } from './world.ts';

/** Runs the command line of a process. Never throws: the answer is the exit code. */
export async function main(process: NodeJS.Process): Promise<number> {
  const world = worldOf(process);
  for (const stream of [world.stdout, world.stderr]) stream.on('error', ignoreClosedPipe);
  let code: number = EXIT.completed;
  try {
    await programFor(world, (answer) => (code = answer)).parseAsync([...world.argv]);
    return code;
  } catch (error) {
    // Help and version end this way too, with exit code 0; everything else was said by commander already.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? EXIT.completed : EXIT.invalid;
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.stderr.write(
      `implement-factory: internal error, which is our bug. Nothing is lost: the same command resumes.\n${trace}\n`,
    );
    return EXIT.bug;
  }
}

/** `… | head` closes the pipe while we still write: that ends the reader, not the run. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
