import { randomUUID } from 'node:crypto';

const orders = new Map();

/** Keeps an order, waiting, and returns it. */
export function addOrder(fields) {
  const order = { id: randomUUID(), ...fields, status: 'waiting' };
  orders.set(order.id, order);
  return order;
}

/** The order, or undefined. */
export const findOrder = (id) => orders.get(id);

/** All orders, oldest first. */
export const allOrders = () => [...orders.values()];
