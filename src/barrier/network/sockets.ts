import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';

/** The kernel's limit for the path of a unix socket is 107 bytes; what we put behind a folder is shorter than this. */
const LONGEST_FOLDER = 80;

/** A folder of this user's for the host's ends of routes. Its paths are short. */
export interface Sockets {
  /** A path that nothing is at yet. */
  path(): string;
  /** A path in a folder of its own, which is shown whole to what makes a socket in it. */
  apart(): Promise<string>;
  /** Listens at a new path, and answers with it. */
  listen(server: Server): Promise<string>;
  /** Removes everything; nobody listens there any more. */
  close(): Promise<void>;
}

/** Throws when the temp folder cannot be written. `trace`: a link to the folder is left there while it is open. */
export async function openSockets(temp: string, trace?: string): Promise<Sockets> {
  const parent = Buffer.byteLength(temp) <= LONGEST_FOLDER - 20 ? temp : '/tmp';
  const folder = await mkdtemp(join(parent, 'factory-'));
  if (trace !== undefined) await symlink(folder, trace);
  let count = 0;
  const path = () => join(folder, String((count += 1)));
  return {
    path,
    async apart() {
      const own = path();
      await mkdir(own, { mode: 0o700 });
      return join(own, 's');
    },
    async listen(server) {
      const at = path();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(at, resolve);
      });
      // Another user may be at the other end, who gets this one socket shown; the folder keeps everybody else out.
      await chmod(at, 0o666);
      return at;
    },
    async close() {
      await rm(folder, { recursive: true, force: true });
      if (trace !== undefined) await rm(trace, { force: true });
    },
  };
}

/** A server that can be ended with all its connections at once. */
export function endable(
  options: { readonly allowHalfOpen?: boolean; readonly pauseOnConnect?: boolean },
  accept: (socket: Socket) => void,
): { readonly server: Server; readonly end: () => void } {
  const open = new Set<Socket>();
  const server = createServer(options, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
  return {
    server,
    end() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
