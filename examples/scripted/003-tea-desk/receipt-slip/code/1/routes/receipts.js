import { findOrder } from '../src/orders.js';
import { formatPence, priceOf } from '../src/prices.js';

const width = 40;

export const routes = [{ method: 'GET', path: '/orders/:id/receipt', handle: printReceipt }];

function printReceipt({ params }) {
  const { tea, cups } = findOrder(params.id);
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
