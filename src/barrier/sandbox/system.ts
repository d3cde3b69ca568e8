import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { cover, inner, readOnly, scratchpad, type Mount } from './mount.ts';

/** Folders beside /usr that programs come from; on most systems links into it. */
const PROGRAMS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** Of /etc: how libraries are found, whom TLS trusts, which of several programs is meant, what time it is. No secrets, no accounts. */
const SETTINGS = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'fonts',
  'ld-musl-aarch64.path',
  'ld-musl-x86_64.path',
  'ld.so.cache',
  'localtime',
  'mime.types',
  'php',
  'pki/ca-trust/extracted',
  'pki/tls/cert.pem',
  'pki/tls/certs',
  'pki/tls/openssl.cnf',
  'protocols',
  'services',
  'ssl/cert.pem',
  'ssl/certs',
  'ssl/openssl.cnf',
].map((name) => join('/etc', name));

/** Sources that people keep where programs are. */
const SOURCES = ['/usr/src', '/usr/local/src'];

/**
 * What every process inside sees: the programs of this system and private places. Looked up once: it does not change in a run. `isSized`:
 * whether bwrap can give temporary folders a size (0.7 and newer).
 */
export function systemMounts(isSized: boolean): readonly Mount[] {
  const java = readdirSync('/etc').filter((name) => /^java-?\d/.test(name));
  return [
    readOnly('/usr'),
    ...SOURCES.filter((path) => existsSync(path)).map(cover),
    ...PROGRAMS.filter((path) => existsSync(path)).map(program),
    ...[...SETTINGS, ...java.map((name) => join('/etc', name))]
      .filter((path) => existsSync(path))
      .map((path) => readOnly(path)),
    inner('/proc', '--proc'),
    inner('/dev', '--dev'),
    ...scratchpads(isSized ? totalmem() : null),
    inner(HOME, '--perms', '0777', '--dir'),
  ];
}

/** What part of the machine's memory each may fill. Without a limit it is half, and several are there at once. */
const PARTS = { '/tmp': 4, '/var/tmp': 8, '/dev/shm': 8, '/run': 32 };

const scratchpads = (memory: number | null): readonly Mount[] =>
  Object.entries(PARTS).map(([at, part]) =>
    scratchpad(at, memory === null ? null : Math.floor(memory / part)),
  );

/** Home of a process whose own home is not shown to it. */
export const HOME = '/tmp/home';

function program(at: string): Mount {
  try {
    return inner(at, '--symlink', readlinkSync(at));
  } catch {
    // A folder of its own, on a system that has not merged them into /usr.
    return readOnly(at);
  }
}

/** Whether it is there, and a folder: only such can be covered. */
export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
