/**
 * Runs where a code agent runs, and looks for what no code agent may see by every way it can think of. Its own program, so that what
 * it finds is what an agent would have found. Uses nothing but Node.
 */
import { text } from 'node:stream/consumers';
import { searchNetwork } from './network.ts';
import type { Order } from './order.ts';
import { exists, searchProcesses } from './processes.ts';
import { Trail } from './trail.ts';
import { Walk } from './walk.ts';

const order = JSON.parse(await text(process.stdin)) as Order;
const trail = new Trail(order);
const walk = new Walk(order, trail);

for (const [name, value] of Object.entries(process.env))
  trail.look('environment', name, `${name}=${value ?? ''}`);
for (const path of order.paths) {
  if (!exists(path)) continue;
  trail.note({ by: 'path', what: 'a path of the host that should not be here', where: path });
  walk.repository(path);
}
searchProcesses({ order, trail, walk });
for (const top of order.search) walk.folder(top);
await searchNetwork(order, trail, walk.sockets);
process.stdout.write(JSON.stringify(trail.answer()));
