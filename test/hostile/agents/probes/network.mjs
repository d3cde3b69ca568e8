// Sockets of the host.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { sh } from './sh.mjs';

/** What a socket says when one connects and asks. */
const ask = (options) =>
  new Promise((resolve) => {
    let text = '';
    const socket = connect(options, () => socket.write('GET / HTTP/1.0\r\n\r\n'));
    const done = () => resolve(text);
    socket.setTimeout(1500, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', done);
    socket.on('close', done);
  });

export const network = {
  'a TCP server of the host': async ({ tcp, addresses }) =>
    (await Promise.all(['127.0.0.1', ...addresses].map((host) => ask({ host, port: tcp })))).join(
      '',
    ),
  'every listening port that is known': async ({ alone, tcp }) => {
    const ports = sh('cat /proc/net/tcp /proc/net/tcp6')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => parseInt(fields[1].split(':').at(-1), 16))
      .filter((port) => !alone || port === tcp);
    return (
      await Promise.all([...new Set(ports)].map((port) => ask({ host: '127.0.0.1', port })))
    ).join('');
  },
  'a unix socket': ({ socket }) => ask({ path: socket }),
  'every unix socket that is listed': async ({ alone, socket, nonce }) => {
    const paths = readFileSync('/proc/net/unix', 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[7])
      .filter((path) => path !== undefined && /factory|hostile/.test(path))
      .filter((path) => !alone || path === socket || path.includes(nonce))
      .map((path) => path.replace(/^@/, '\0'));
    return (await Promise.all([...new Set(paths)].map((path) => ask({ path })))).join('');
  },
  'an abstract unix socket': ({ abstract }) => ask({ path: `\0${abstract}` }),
  'telling somebody over TCP': async ({ tcp, nonce }) => {
    await ask({ host: '127.0.0.1', port: tcp });
    return sh('curl -m 1 -s "http://127.0.0.1:$1/told-$2"', String(tcp), nonce);
  },
  'telling somebody over UDP': ({ udp, nonce }) =>
    new Promise((resolve) => {
      const socket = createSocket('udp4');
      socket.on('message', (message) => {
        resolve(message.toString());
        socket.close();
      });
      setTimeout(() => {
        resolve('');
        try {
          socket.close();
        } catch {
          // The answer came.
        }
      }, 700).unref();
      socket.on('error', () => resolve(''));
      socket.send(`told-${nonce}`, udp, '127.0.0.1', () => undefined);
    }),
};
