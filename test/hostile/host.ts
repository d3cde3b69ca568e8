import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** Ports that a host listens on. */
export interface Host {
  readonly tcp: number;
  readonly udp: number;
}

export interface Hosting {
  /** Paths of a unix socket and of an abstract one. */
  readonly unix: string;
  readonly abstract: string;
  readonly nonce: string;
  /** What it tells whoever asks. */
  readonly says: string;
  readonly closing: (() => Promise<unknown> | void)[];
}

/** Servers of the host: a dashboard over TCP, a unix socket and an abstract one, and an ear for datagrams. */
export async function openHost({ unix, abstract, nonce, says, closing }: Hosting): Promise<Host> {
  const server = (): Server =>
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        const heard = data.toString().includes(`told-${nonce}`) ? `HEARD ${nonce}` : says;
        socket.end(`HTTP/1.0 200 OK\r\n\r\n${heard}\n`);
      });
    });
  const listen = (at: Server, ...where: [string] | [number, string]) =>
    new Promise<void>((resolve) => {
      at.listen(...(where as [number, string]), resolve);
      closing.push(() => new Promise((closed) => at.close(closed)));
    });
  const tcp = server();
  await listen(tcp, 0, '0.0.0.0');
  await listen(server(), unix);
  await listen(server(), `\0${abstract}`);
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    if (message.includes(`told-${nonce}`)) udp.send(`HEARD ${nonce}`, from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    udp.bind(0, '127.0.0.1', resolve);
  });
  closing.push(() => void udp.close());
  return { tcp: (tcp.address() as AddressInfo).port, udp: udp.address().port };
}
