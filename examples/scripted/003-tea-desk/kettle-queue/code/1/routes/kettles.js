import { entryOf, waitingAt } from '../src/queues.js';
import { Refusal } from '../src/refusal.js';

export const routes = [
  { method: 'GET', path: '/kettles/:name/queue', handle: showQueue },
  { method: 'POST', path: '/kettles/:name/next', handle: takeNext },
];

function showQueue({ params }) {
  return {
    status: 200,
    json: { kettle: params.name, waiting: waitingAt(params.name).map(entryOf) },
  };
}

function takeNext({ params }) {
  const [order] = waitingAt(params.name);
  if (!order) throw new Refusal(409, `Nobody waits at ${params.name}.`);
  order.status = 'served';
  return { status: 200, json: entryOf(order) };
}
