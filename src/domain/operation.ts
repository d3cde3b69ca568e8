import { z } from 'zod';

/** An operation that can fail for reasons of infrastructure. */
export const Operation = z.enum([
  'code',
  'land',
  'checks',
  'service',
  'evaluation',
  'opinion',
  'gate',
  'sealed',
  'edit',
  'delivery',
  'audit',
  'limit',
]);
export type Operation = z.infer<typeof Operation>;
