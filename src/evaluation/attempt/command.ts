import type { Exit } from '../../process/index.ts';
import type { Ask } from '../child/wire.ts';
import type { CommandObservation } from './observation.ts';

/** Characters of each stream kept as evidence. */
const KEEP = 64 * 1024;

/** A text is for the shell, which gets further arguments apart, so that nothing needs quoting; a list is what it is. */
export function argv({ command, args }: Ask & { ask: 'run' }): [string, ...string[]] {
  if (typeof command !== 'string') return [command[0] ?? '', ...command.slice(1), ...args];
  if (args.length === 0) return ['sh', '-c', command];
  return ['sh', '-c', `${command} "$@"`, 'sh', ...args];
}

export function commandSeen(exit: Exit, command: string, at: number): CommandObservation {
  const { code, signal, ms } = exit;
  const [stdout, stderr] = [exit.stdout.slice(0, KEEP), exit.stderr.slice(0, KEEP)];
  const errors = { wall: 'timeout', idle: 'timeout', stopped: 'timeout', flood: 'flood' } as const;
  const error =
    exit.cause === 'exited' || exit.cause === 'signalled'
      ? null
      : exit.cause === 'not_started'
        ? 'not_started'
        : errors[exit.cause];
  return { kind: 'command', at, command, code, signal, error, stdout, stderr, ms };
}
