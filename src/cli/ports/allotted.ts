import type { Caps } from '../../agent/index.ts';
import type { Allotment } from '../../domain/index.ts';

/** An agent's caps, tighter where a budget has less left. */
export const allotted = (caps: Caps, allotment: Allotment | undefined): Caps =>
  allotment === undefined
    ? caps
    : {
        ...caps,
        costUsd: least(caps.costUsd, allotment.usd),
        wallMs: Math.min(caps.wallMs, allotment.ms),
        idleMs: Math.min(caps.idleMs, allotment.ms),
      };

const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
