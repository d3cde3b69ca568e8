/** Numbers between 0 and 1 from a fixed seed (mulberry32): the same plans on every machine. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Random plans of 1 to 4 groups of 1 to 12 units with 4 slots, and how long code runs of their units take: 2 to 60 minutes, most of them short. */
export function generated(count) {
  const random = numbers(20_260_101);
  const upTo = (most) => 1 + Math.floor(random() * most);
  return Array.from({ length: count }, (_, at) => {
    const groups = Array.from({ length: upTo(4) }, (_group, group) => ({
      number: group + 1,
      mode: random() < 0.8 ? 'parallel' : 'sequential',
      units: Array.from({ length: upTo(12) }, (_unit, unit) => `g${group + 1}u${unit + 1}`),
    }));
    const ids = groups.flatMap(({ units }) => units);
    const minutes = () => 2 + 58 * random() ** 3;
    return {
      plan: planOf(`${at}-generated`, groups),
      took: Object.fromEntries(ids.map((id) => [id, Math.round(minutes() * 60_000)])),
    };
  });
}

const planOf = (spec, groups) => ({
  spec,
  title: spec,
  threshold: 1,
  maxIterations: 3,
  requireP0: true,
  slots: 4,
  infra: { retries: 3, backoffMs: 1000 },
  evaluation: 'checks',
  service: 'none',
  status: 'pending',
  groups,
  units: groups.flatMap(({ units }) =>
    units.map((id) => ({
      id,
      title: id,
      after: [],
      done: false,
      scenarios: [{ name: 's', priority: 'P1', sealed: false }],
    })),
  ),
});
