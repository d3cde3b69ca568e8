import { findTea } from './teas.js';

/** Price of an order in pence; a pot, from four cups on, is ten percent off. */
export function priceOf(tea, cups) {
  const cup = findTea(tea)?.pence;
  if (cup === undefined) throw new RangeError(`there is no ${tea} on the menu`);
  if (!Number.isInteger(cups) || cups < 1 || cups > 8) {
    throw new RangeError('cups must be a whole number from 1 to 8');
  }
  const full = cup * cups;
  // Nine tenths of a whole number: Math.round rounds half a penny up.
  return cups < 4 ? full : Math.round((full * 9) / 10);
}

/** Pence as people write them: `£10.05`. */
export function formatPence(pence) {
  if (!Number.isInteger(pence) || pence < 0) {
    throw new RangeError('pence must be a whole number of at least 0');
  }
  return `£${Math.floor(pence / 100)}.${String(pence % 100).padStart(2, '0')}`;
}
