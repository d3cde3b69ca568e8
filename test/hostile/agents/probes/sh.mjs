import { spawnSync } from 'node:child_process';

/** What a shell line prints on either stream, however it ends. `$1`… are arguments. */
export function sh(line, ...args) {
  const { stdout, stderr } = spawnSync('sh', ['-c', line, 'sh', ...args], {
    timeout: 8000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return Buffer.concat([stdout ?? Buffer.alloc(0), stderr ?? Buffer.alloc(0)]).toString('latin1');
}
