import { z } from 'zod';
import type { UnitState } from '../domain/index.ts';

/** Where a unit stands, as `status --json` and `report --format json` tell it. */
export const UnitPhase = z.enum([
  'pending',
  'coding',
  'coded',
  'landed',
  'evaluating',
  'doubted',
  'passed',
  'gate',
  'completed',
  'escalated',
  'skipped',
] as const satisfies readonly UnitState['phase'][]);
