import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { ACCEPTED } from './carry.ts';

/** From <fcntl.h>; Node does not name it. Opens the file itself, a socket too, without asking what is behind it. */
const O_PATH = 0o10000000;

/**
 * A connection through an `in` route to the port inside. Rejects with `ECONNREFUSED` when nothing accepts there. The folder of the socket
 * belongs to what runs inside, which could put a link to another socket of the host in its place: links are not followed.
 */
export async function dial(path: string): Promise<Socket> {
  const file = await open(path, O_PATH | constants.O_NOFOLLOW).catch(() => null);
  if (file === null) throw refused();
  try {
    if (!(await file.stat()).isSocket()) throw refused();
    return await accepted(connect({ path: `/proc/self/fd/${file.fd}`, allowHalfOpen: true }));
  } finally {
    await file.close();
  }
}

function accepted(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      socket.destroy();
      reject(refused());
    };
    const hear = () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return;
      for (const name of ['error', 'end', 'close']) socket.off(name, fail);
      socket.off('readable', hear);
      if (first[0] === ACCEPTED) resolve(socket);
      else fail();
    };
    for (const name of ['error', 'end', 'close']) socket.once(name, fail);
    socket.on('readable', hear);
  });
}

const refused = (): Error => Object.assign(new Error('nothing accepts'), { code: 'ECONNREFUSED' });
