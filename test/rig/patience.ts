import type { Running } from './project.ts';

/** Far longer than anything waited for takes on a crowded machine, and far shorter than a test may. */
const PATIENCE_MS = 90_000;

/** Rejects when patience is over, with what was waited for and what the run has said of it. */
export async function patiently<T>(
  { what, running }: { readonly what: string; readonly running: Running },
  waited: (over: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = new AbortController();
  let said = '';
  const listen = (chunk: Buffer | string) => (said += String(chunk));
  running.stderr.on('data', listen);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no ${what} within ${PATIENCE_MS / 1000} s; the run said: ${said}`));
    }, PATIENCE_MS);
  });
  const ended = running.then((end): never => {
    throw new Error(`the run ended without ${what}: ${end.stderr}`);
  });
  try {
    return await Promise.race([waited(control.signal), late, ended]);
  } finally {
    control.abort();
    clearTimeout(timer);
    running.stderr.off('data', listen);
  }
}

/** Asks again and again until it is so. */
export const until = (
  wait: { readonly what: string; readonly running: Running },
  isSo: () => Promise<boolean>,
): Promise<void> =>
  patiently(wait, async (over) => {
    while (!over.aborted && !(await isSo())) await new Promise((next) => setTimeout(next, 30));
  });
