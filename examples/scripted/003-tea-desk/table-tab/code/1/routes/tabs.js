import { allOrders } from '../src/orders.js';
import { formatPence, priceOf } from '../src/prices.js';

export const routes = [{ method: 'GET', path: '/tabs/:table', handle: showTab }];

function showTab({ params: { table } }) {
  const orders = allOrders().filter((order) => order.table === table);
  const sum = (of) => orders.reduce((total, order) => total + of(order), 0);
  const pence = sum(({ tea, cups }) => priceOf(tea, cups));
  const tab = {
    table,
    orders: orders.length,
    cups: sum(({ cups }) => cups),
    waiting: orders.filter(({ status }) => status === 'waiting').length,
    pence,
    total: formatPence(pence),
  };
  return { status: 200, json: tab };
}
