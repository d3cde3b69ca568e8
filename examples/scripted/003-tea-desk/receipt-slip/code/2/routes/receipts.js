import { findOrder } from '../src/orders.js';
import { formatPence, priceOf } from '../src/prices.js';
import { Refusal } from '../src/refusal.js';

const width = 40;

export const routes = [{ method: 'GET', path: '/orders/:id/receipt', handle: printReceipt }];

function printReceipt({ params }) {
  const order = findOrder(params.id);
  if (!order) throw new Refusal(404, `There is no order ${params.id}.`);
  const { tea, cups } = order;
  const price = formatPence(priceOf(tea, cups));
  const lines = [
    process.env.TEA_DESK_NAME ?? 'Tea desk',
    spread(`${cups} x ${tea}`, price),
    ...(cups < 4 ? [] : ['(pot, 10% off)']),
    '-'.repeat(width),
    spread('Total', price),
  ];
  return { status: 200, text: lines.map((line) => `${line}\n`).join('') };
}

/** Words on the left, the price on the right. */
const spread = (words, price) => words + price.padStart(width - words.length);
