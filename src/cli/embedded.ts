import { Readable, Writable } from 'node:stream';
import { worldOf, type World } from './world.ts';

/** What a program that calls the library says of the world; nothing else of it is looked at but clock, host and process. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: World['env'];
  readonly proxyFor: World['proxyFor'];
  /** Told what would go to stderr. */
  readonly log: (text: string) => void;
}

/** The world of a run inside another program: nobody to ask, no signal heard, no terminal, and no way to end the process. */
export function embeddedWorld(
  process: NodeJS.Process,
  { cwd, env, proxyFor, log }: Surroundings,
): World {
  return {
    ...worldOf(process),
    argv: [process.execPath, 'implement-factory', '(library)'],
    cwd,
    env,
    stdin: Readable.from([]),
    stdout: sink(() => undefined),
    stderr: sink(log),
    proxyFor,
    onSignal: () => () => undefined,
    exit() {
      throw new Error('Internal error: a library must not end its process');
    },
  };
}

const sink = (take: (text: string) => void): Writable =>
  new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      done();
    },
  });
