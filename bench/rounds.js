/** Smallest, middle and largest of some numbers. */
export function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
  return { min: sorted[0], median, max: sorted.at(-1) };
}

/**
 * Measures a thing and its yardstick in turn, so that a machine that gets busier or slower meanwhile changes both alike. Both are
 * functions that resolve to ms. One round goes unmeasured: it fills the caches. The ratio is taken within each round.
 */
export async function inTurn(count, { thing, yardstick }) {
  await yardstick();
  await thing();
  const rounds = [];
  for (let round = 0; round < count; round += 1)
    rounds.push({ yardstick: await yardstick(), measured: await thing() });
  return comparison(rounds);
}

/** The spreads of rounds that each measured a thing and its yardstick. */
export const comparison = (rounds) => ({
  measured: spread(rounds.map(({ measured }) => measured)),
  yardstick: spread(rounds.map(({ yardstick }) => yardstick)),
  ratio: spread(rounds.map(({ measured, yardstick }) => measured / yardstick)),
});
