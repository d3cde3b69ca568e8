import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** The built journal, for processes of their own. */
export const JOURNAL = new URL('../../dist/journal/index.js', import.meta.url).href;

/** A process that does as its code says, with `journal` at hand, and then waits to be killed. */
export function child(code: string, ...args: string[]) {
  const text = `import * as journal from ${JSON.stringify(JOURNAL)};\n${code}`;
  const started = spawn(process.execPath, ['--input-type=module', '-e', text, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    if (started.exitCode !== null || started.signalCode !== null) return;
    started.kill('SIGKILL');
    await once(started, 'exit');
  });
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  return {
    pid: started.pid ?? 0,
    stdin: started.stdin,
    /** What it prints next. */
    line: async () => String((await lines.next()).value),
    kill: async () => {
      started.kill('SIGKILL');
      await once(started, 'exit');
    },
    ended: () => once(started, 'exit'),
  };
}
