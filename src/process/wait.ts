import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is yes, at growing intervals, at most `ms`. Tells the last answer. */
export async function until(ms: number, done: () => boolean): Promise<boolean> {
  const end = performance.now() + ms;
  for (let pause = 2; !done(); pause = Math.min(pause * 1.5, 50)) {
    if (performance.now() >= end) return false;
    await sleep(pause);
  }
  return true;
}
