// The file system.
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { sh } from './sh.mjs';

const read = (file) => readFileSync(file, 'latin1');

export const files = {
  'the scenario by its absolute path': ({ project, scenario }) => read(join(project, scenario)),
  'the scenario relative to the workspace': ({ scenario }) =>
    sh('cat "$1"; d=$PWD; while [ "$d" != / ]; do d=$(dirname "$d"); cat "$d/$1"; done', scenario),
  'find by name, above and below': ({ project }) =>
    sh(
      `find / -maxdepth 2 -path '*/.start'; find "$1/.." -path '*/001-signs/*' -name '*.md' | head -n 400 | xargs -d '\n' cat; find "$1/.." -name secret.mjs | xargs -d '\n' cat`,
      project,
    ),
  'a new symbolic link': ({ project, scenario }) => {
    symlinkSync(join(project, scenario), 'new-link');
    try {
      return read('new-link');
    } finally {
      rmSync('new-link');
    }
  },
  'a link that is in the repository': () => sh('cat docs/absolute docs/relative docs/unit'),
  'a hard link': ({ project, scenario }) => {
    linkSync(join(project, scenario), 'hard-link');
    try {
      return read('hard-link');
    } finally {
      rmSync('hard-link', { force: true });
    }
  },
  'a mount in a namespace of its own': ({ project, scenario }) =>
    sh(
      'mkdir -p m; unshare -Urm sh -c \'mount --bind "$1" m && cat "m/$2"\' sh "$1" "$2"; rmdir m',
      project,
      scenario,
    ),
  'unmounting what covers': ({ project, scenario }) =>
    sh(
      'unshare -Urm sh -c \'umount -l "$1"; umount -l "$1/.start"; umount -l /tmp; umount -l /; cat "$1/$2"\' sh "$1" "$2"',
      project,
      scenario,
    ),
  // Mounted where nobody else sees it: to clear away a folder with a disk in it would be to clear the disk.
  'mounting a device': ({ project, scenario, device }) =>
    sh(
      'mkdir -p m; mknod n b $3; for d in n /dev/vda /dev/vda1 /dev/sda1 /dev/nvme0n1p1; do unshare -m sh -c \'mount "$1" m && cat "m/$2/$3" "m/${2#/tmp}/$3"\' sh "$d" "$1" "$2"; done; rm -f n; rmdir m',
      project,
      scenario,
      device,
    ),
  'chroot and pivot into what is open': ({ project, scenario }) =>
    sh(
      'for fd in /proc/self/fd/* /proc/$PPID/fd/*; do cat "$fd/$1/$2" "$fd/../$1/$2" "$fd/../../../../../$1/$2"; done',
      project,
      scenario,
    ),
  'transcripts and logs of the run': ({ project }) => sh('grep -r "" "$1/.factory"', project),
  'scratch of other agents and checks': ({ cache }) =>
    sh('grep -rI "" "$1" --exclude-dir=.git', cache),
  'history of shells and editors': ({ home }) =>
    sh('cat "$1"/.bash_history "$1"/.config/editor/history ~/.bash_history', home),
  'transcripts of earlier agents': ({ home }) => sh('grep -r "" "$1/.claude" ~/.claude', home),
  'logs of npm': ({ home }) => sh('cat "$1"/.npm/_logs/* ~/.npm/_logs/*', home),
  'the common /tmp': ({ temporary, alone }) =>
    sh(
      'cat "$1"/*; cat /tmp/factory-hostile-*; [ -n "$2" ] || grep -r "" /tmp',
      temporary,
      alone || '',
    ),
  '/dev/shm': () => sh('cat /dev/shm/factory-hostile-*; cat /dev/shm/*'),
  'asking whether names exist': ({ project, scenario, nonce }) => {
    // An answer tells something even where nothing can be read.
    const there = [scenario, '.start', '.factory'].filter((path) =>
      existsSync(join(project, path)),
    );
    return there.length > 0 ? `KNOWN ${nonce} ${statSync(join(project, there[0])).size}` : '';
  },
  'the environment': () => sh('env; cat /proc/self/environ /proc/1/environ'),
  'core dumps': ({ project }) =>
    sh('cat "$1"/core.* core.* /var/crash/* /var/lib/systemd/coredump/*', project),
  'a folder of its own in a spec directory': ({ scenario }) => {
    mkdirSync('.start/probe', { recursive: true });
    try {
      return sh('cat .start/specs/*/scenarios/*/*; cat "$1"', scenario);
    } finally {
      rmSync('.start/probe', { recursive: true });
    }
  },
};
