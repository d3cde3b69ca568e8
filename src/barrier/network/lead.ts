import { connect } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from './carry.ts';
import { endable } from './sockets.ts';

/** A place of this machine that something inside may reach. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** A server, to be listened with, whose every connection leads to an address. */
export const leadTo = ({
  host,
  port,
}: HostAddress): { readonly server: Server; readonly end: () => void } =>
  endable({ allowHalfOpen: true, pauseOnConnect: true }, (inner: Socket) => {
    const outer = connect({ host, port, allowHalfOpen: true });
    outer.on('error', () => inner.destroy());
    inner.once('close', () => outer.destroy());
    outer.once('connect', () => join(inner, outer));
  });
