import type { Exit } from '../process/index.ts';
import { lastLine, saysPortTaken } from './last-line.ts';
import type { Launch } from './launch.ts';
import { holderOf, openAddress } from './ports.ts';

/** Why a start did not lead to a healthy service: the product's doing, or the machine's. */
export type Fault =
  /** `symptom` says only what happened; `detail` adds the command and its last words, for a person. */
  | { readonly kind: 'unhealthy'; readonly symptom: string; readonly detail: string }
  | { readonly kind: 'infra'; readonly detail: string };

export interface Failure {
  readonly launch: Launch;
  /** Port it was given as `PORT`. */
  readonly port: number;
  /** It had a network of its own, in which nobody else can hold a port. */
  readonly alone: boolean;
  /** Who held the declared port before the start; null when it was free. */
  readonly holder: string | null;
  /** How the process ended: by itself, or stopped at the end of the budget. */
  readonly exit: Exit;
  /** It ended before it was healthy; otherwise the budget ran out. */
  readonly early: boolean;
  /** What its health check last said; null when nothing ever listened. */
  readonly observed: string | null;
}

/** Says whose fault it is. */
export async function blame(failure: Failure): Promise<Fault> {
  const { launch, exit, early, observed, holder } = failure;
  if (exit.cause === 'not_started') {
    return { kind: 'infra', detail: `the service ${exit.summary}` };
  }
  if (/ENOSPC|no space left on device/i.test(exit.stderr)) {
    return {
      kind: 'infra',
      detail: 'the service could not start: the disk is full; free some space',
    };
  }
  const taken = await takenPort(failure);
  if (taken !== null) return { kind: 'infra', detail: taken };
  // Alive, silent on its own port, while somebody else holds the port it may insist on.
  if (!early && observed === null && holder !== null) {
    return { kind: 'infra', detail: portTaken(launch.port ?? 0, holder) };
  }
  const happened = early ? `${exit.summary} before it answered` : tooLate(launch, observed);
  const words = lastLine(exit.stderr) || lastLine(exit.stdout);
  return {
    kind: 'unhealthy',
    symptom: `service: ${happened}`,
    detail: `\`${oneLine(launch.command)}\` ${happened}${words === '' ? '' : `: ${words}`}`,
  };
}

function tooLate({ budgetMs }: Launch, observed: string | null): string {
  const time = `within ${Number((budgetMs / 1000).toFixed(1))} s`;
  return observed === null
    ? `did not listen on its port ${time}`
    : `was not healthy ${time}: its health check ${observed}`;
}

/** The message when the program itself says that a port is taken, and somebody else really holds it. */
async function takenPort({ exit, launch, port, alone, holder }: Failure): Promise<string | null> {
  if (alone || !saysPortTaken(exit.stderr)) return null;
  if (holder !== null) return portTaken(launch.port ?? 0, holder);
  const named = /(?:EADDRINUSE|in use|taken)\D{0,40}?(?:\d+\.\d+\.\d+\.\d+\D)?(\d{2,5})\b/i.exec(
    exit.stderr,
  )?.[1];
  const other = named === undefined ? null : Number(named);
  // Its own port was free: then it binds it twice, which is its own mistake.
  if (other === null || other === port || (await openAddress(other)) === null) return null;
  return portTaken(other, await holderOf(other));
}

const portTaken = (port: number, holder: string): string =>
  `port ${port} is taken by ${holder}; end it, or let the start command listen on $PORT`;

const oneLine = (command: string): string => command.replaceAll(/\s+/g, ' ').slice(0, 120);
