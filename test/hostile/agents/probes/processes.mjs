// Other processes, seen through /proc.
import { closeSync, openSync, readSync, readFileSync, readdirSync } from 'node:fs';
import { sh } from './sh.mjs';

const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

export const processes = {
  'working directories of processes': ({ scenario }) =>
    sh(
      'for p in /proc/[0-9]*; do cat "$p/cwd/$1" "$p"/cwd/*.md "$p/cwd/.start"/specs/*/scenarios/*/*; done',
      scenario,
    ),
  'roots of processes': ({ project, scenario }) =>
    sh('for p in /proc/[0-9]*; do cat "$p/root/$1/$2"; done', project, scenario),
  'open files of processes': () =>
    sh(
      'for f in /proc/[0-9]*/fd/*; do case $(readlink "$f") in *.md|*.ndjson) cat "$f";; esac; done',
    ),
  'environments of processes': () => sh('cat /proc/[0-9]*/environ'),
  'command lines of processes': () => sh('cat /proc/[0-9]*/cmdline; ps axww'),
  'memory of processes': () => pids().map(memoryOf).join(''),
};

const MOST = 48 * 1024 * 1024;

/** The writable memory of one process, as far as it can be read; our own aside. */
function memoryOf(pid) {
  if (Number(pid) === process.pid) return '';
  let found = '';
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('implement-factory')) return '';
    const fd = openSync(`/proc/${pid}/mem`, 'r');
    const chunk = Buffer.alloc(1024 * 1024);
    let read = 0;
    for (const line of readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (from === undefined || read > MOST) continue;
      for (let at = parseInt(from, 16); at < parseInt(to, 16) && read < MOST; at += chunk.length) {
        let got = 0;
        try {
          got = readSync(fd, chunk, 0, chunk.length, at);
        } catch {
          break;
        }
        read += got;
        found +=
          chunk
            .subarray(0, got)
            .toString('latin1')
            .match(/HOLDOUT-[0-9a-f]{24}/)?.[0] ?? '';
      }
    }
    closeSync(fd);
  } catch {
    // Not ours to read.
  }
  return found;
}
