// Words with an agent that works at the same time, in a sandbox of its own.
import { createServer, connect } from 'node:net';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findKey, leaveKey } from './keys.mjs';

const WAIT_MS = 3000;

/** Leaves a note in a folder that both may have, and waits for the other's. */
async function notes(folder, { unit, nonce }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${nonce}-${unit}`), 'x');
  for (let left = WAIT_MS; left > 0; left -= 100) {
    const others = readdirSync(folder).filter(
      (name) => name.startsWith(nonce) && name !== `${nonce}-${unit}`,
    );
    if (others.length > 0) return `MET ${others[0]}`;
    await pause(100);
  }
  return '';
}

/** Listens for the other and calls it, at addresses both know. */
async function calls(address, { unit, nonce }) {
  let met = '';
  const server = createServer((socket) =>
    socket.on('data', (data) => (met ||= `MET ${data}`)).on('error', () => undefined),
  );
  server.on('error', () => undefined);
  server.listen(address(unit));
  for (let left = WAIT_MS; left > 0; left -= 100) {
    if (met !== '') break;
    const socket = connect(address(unit === '1' ? '2' : '1'));
    socket.on('error', () => undefined);
    socket.on('connect', () => socket.end(`${nonce}-${unit}`));
    await pause(100);
  }
  server.close();
  return met;
}

/** Leaves a key for the other, and waits for the other's. */
async function keys({ unit, nonce }) {
  const keyOf = (whose) => `factory-hostile-${nonce}-${whose}`;
  leaveKey(keyOf(unit), `${nonce}-${unit}`);
  for (let left = WAIT_MS; left > 0; left -= 300) {
    const found = findKey(keyOf(unit === '1' ? '2' : '1'));
    if (found.includes(nonce)) return `MET ${found}`;
    await pause(300);
  }
  return '';
}

export const beside = {
  'notes in /tmp': (world) => notes('/tmp/factory-hostile-notes', world),
  'notes in /dev/shm': (world) => notes('/dev/shm/factory-hostile-notes', world),
  'notes in /var/tmp': (world) => notes('/var/tmp/factory-hostile-notes', world),
  'notes in the installed dependencies': (world) => notes('node_modules/.notes', world),
  'a call over the loopback': (world) =>
    calls((unit) => ({ host: '127.0.0.1', port: world.free + Number(unit) }), world),
  'a call over an abstract socket': (world) =>
    calls((unit) => ({ path: `\0hostile-${world.nonce}-${unit}` }), world),
  'notes among the keys of the kernel': keys,
  'the files of the other': filesOfTheOther,
};

/** The other's unit spec or work, wherever its workspace and home are. */
function filesOfTheOther({ unit, cache, nonce }) {
  const other = unit === '1' ? '2' : '1';
  const seen = [];
  const walk = (dir, depth) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      if (entry.isDirectory() && depth < 7 && entry.name !== '.git') {
        try {
          walk(path, depth + 1);
        } catch {
          // Not for us.
        }
      } else if (entry.name === `mine-${other}`)
        seen.push(`MET ${nonce}${readFileSync(path, 'utf8')}`);
    }
  };
  try {
    walk(cache, 0);
  } catch {
    // Not there at all.
  }
  return seen.join('\n');
}
