// Other processes, seen through /proc.
import { closeSync, openSync, readSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sh } from './sh.mjs';

const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

const listed = (dir) => {
  try {
    return readdirSync(dir).map((name) => join(dir, name));
  } catch {
    return [];
  }
};
/** Text of those files that can be read, or why they cannot. */
const readAll = (files) =>
  files
    .map((file) => {
      try {
        return readFileSync(file, 'latin1');
      } catch (error) {
        return error.code;
      }
    })
    .join('\n');

export const processes = {
  'working directories of processes': ({ scenario }) =>
    readAll(
      pids()
        .map((pid) => `/proc/${pid}/cwd`)
        .flatMap((cwd) => [
          join(cwd, scenario),
          ...listed(cwd).filter((file) => file.endsWith('.md')),
          ...listed(join(cwd, '.start/specs')).flatMap((spec) =>
            ['scenarios', 'units'].flatMap((kind) => deep(join(spec, kind), 2)),
          ),
        ]),
    ),
  'roots of processes': ({ project, scenario }) =>
    readAll(pids().map((pid) => join(`/proc/${pid}/root`, project, scenario))),
  'open files of processes': () =>
    readAll(
      pids()
        .flatMap((pid) => listed(`/proc/${pid}/fd`))
        .filter((fd) => /\.md$|\.ndjson$|evaluation\.log$/.test(target(fd))),
    ),
  'environments of processes': () => sh('cat /proc/[0-9]*/environ'),
  'command lines of processes': () => sh('cat /proc/[0-9]*/cmdline; ps axww'),
  'memory of processes': (world) =>
    pids()
      .map((pid) => memoryOf(pid, world))
      .join(' '),
};

/** Files in a folder and its folders, so many levels down. */
const deep = (dir, levels) =>
  levels === 0 ? [dir] : [dir, ...listed(dir).flatMap((path) => deep(path, levels - 1))];

function target(link) {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

const MOST = 48 * 1024 * 1024;

/** The writable memory of one process, as far as it can be read; our own aside. */
function memoryOf(pid, { nonce, alone }) {
  if (Number(pid) === process.pid) return '';
  let found = '';
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    if (!command.includes(alone ? nonce : 'implement-factory')) return '';
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
        const text = chunk.subarray(0, got).toString('latin1');
        found += (text.match(/(?:HOLDOUT|UNIT-\d|SOURCE)-[0-9a-f]{24}/g) ?? []).join(' ');
      }
    }
    closeSync(fd);
  } catch {
    // Not ours to read.
  }
  return found;
}
