/** Less than this is a clock that is being kept right, ms. */
const UNREMARKABLE = 1000;

/**
 * Tells by how many ms the wall clock moved between two looks beyond the time that passed by `ticks`, ms of a clock that nobody sets; undefined for none to
 * speak of.
 */
export function jumps(ticks: () => number): (now: Date) => number | undefined {
  let last: { readonly wall: number; readonly ticks: number } | null = null;
  return (now) => {
    const was = last;
    last = { wall: now.getTime(), ticks: ticks() };
    if (was === null) return undefined;
    const jumped = Math.round(last.wall - was.wall - (last.ticks - was.ticks));
    return Math.abs(jumped) < UNREMARKABLE ? undefined : jumped;
  };
}
