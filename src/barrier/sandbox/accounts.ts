import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOnly, type Mount } from './mount.ts';
import { HOME } from './system.ts';

/** Who a process is inside. */
export interface Inhabitant {
  readonly uid: number;
  readonly gid: number;
}

export const HOSTNAME = 'factory';
export const USER = 'factory';

/** Writes the few files of /etc that would tell of this machine's accounts and network, with nothing of either in them. */
export async function accounts(
  folder: string,
  { uid, gid }: Inhabitant,
): Promise<readonly Mount[]> {
  const files = {
    passwd: `root:x:0:0:root:/:/usr/sbin/nologin\n${USER}:x:${uid}:${gid}::${HOME}:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n`,
    group: `root:x:0:\n${USER}:x:${gid}:\nnogroup:x:65534:\n`,
    hosts: `127.0.0.1 localhost ${HOSTNAME}\n::1 localhost\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  };
  await mkdir(folder, { recursive: true });
  return Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      const file = join(folder, name);
      await writeFile(file, text, { mode: 0o644 });
      return readOnly(join('/etc', name), file);
    }),
  );
}
