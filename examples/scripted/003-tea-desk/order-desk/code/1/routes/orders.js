import { addOrder, findOrder } from '../src/orders.js';
import { jsonObject, Refusal } from '../src/refusal.js';
import { findTea } from '../src/teas.js';

export const routes = [
  { method: 'POST', path: '/orders', handle: takeOrder },
  { method: 'GET', path: '/orders/:id', handle: showOrder },
];

const rules = {
  tea: (tea) => findTea(tea) !== undefined,
  cups: (cups) => Number.isInteger(cups) && cups >= 1 && cups <= 8,
  table: isText,
  kettle: isText,
};

function takeOrder({ body }) {
  const { tea, cups = 1, table, kettle = 'big' } = jsonObject(body);
  const wish = { tea, cups, table, kettle };
  const fields = Object.keys(rules).filter((field) => !rules[field](wish[field]));
  if (fields.length > 0) throw new Refusal(400, `Please check: ${fields.join(', ')}.`, { fields });

  const order = addOrder(wish);
  return { status: 201, json: order, headers: { location: `/orders/${order.id}` } };
}

function showOrder({ params }) {
  const order = findOrder(params.id);
  if (!order) throw new Refusal(404, `There is no order ${params.id}.`);
  return { status: 200, json: order };
}

function isText(value) {
  return typeof value === 'string' && value.trim() !== '';
}
