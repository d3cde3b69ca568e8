const secondsByKind = new Map([
  ['green', 120],
  ['white', 150],
  ['black', 240],
  ['herbal', 300],
]);

/** Seconds that a pot of so many cups steeps. */
export function steepingTime(kind, cups = 1) {
  const seconds = secondsByKind.get(kind);
  if (seconds === undefined) throw new RangeError(`unknown kind of tea: ${kind}`);
  if (!Number.isInteger(cups) || cups < 1 || cups > 8) {
    throw new RangeError('cups must be a whole number from 1 to 8');
  }
  return seconds + Math.min(60, 15 * Math.max(0, cups - 2));
}
