/**
 * The domain: plain data and the pure core that decides. Imports no other room, and no package but zod for the shapes of
 * what is serialised. Never awaits, reads a clock, rolls dice or touches a file.
 */
export * from './agent.ts';
export * from './audit.ts';
export * from './barrier.ts';
export type { Allotment, Budget } from './budget.ts';
export * from './check.ts';
export * from './command.ts';
export type * from './constitution.ts';
export * from './diagnostic.ts';
export * from './evolve.ts';
export * from './event.ts';
export * from './operation.ts';
export * from './gate.ts';
export { paceOf } from './next/makespan.ts';
export * from './manifest.ts';
export * from './agent-program.ts';
export * from './next.ts';
export { proofsOf } from './next/gate.ts';
export type { Limited } from './limit.ts';
export * from './opinion.ts';
export * from './plan.ts';
export * from './question.ts';
export { isAborted } from './evolve/infra.ts';
export * from './questions.ts';
export { plannedUnit, recordOf, unitsOf } from './records.ts';
export * from './receipt.ts';
export * from './result.ts';
export * from './state.ts';
export * from './stubs.ts';
export * from './verdict.ts';
export * from './work.ts';
export { stuckWords } from './watchdog.ts';
