import { allOrders } from './orders.js';
import { steepingTime } from './steep.js';
import { findTea } from './teas.js';

/** Orders that wait at a kettle, first come, first. */
export const waitingAt = (kettle) =>
  allOrders().filter((order) => order.kettle === kettle && order.status === 'waiting');

/** What the person at the kettle needs to know of an order. */
export function entryOf({ id, tea, cups }) {
  return { order: id, tea, cups, seconds: steepingTime(findTea(tea).kind, cups) };
}
