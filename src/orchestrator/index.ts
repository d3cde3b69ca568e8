/**
 * The orchestrator: interprets the commands of the domain through ports and turns their outcomes into events. May import
 * domain and barrier. Never decides what comes next, never spawns, never reads a clock.
 */
export { drive, type RunEnd } from './drive.ts';
export { settle } from './decisions.ts';
export { spineOf } from './spine.ts';
export type * from './ports.ts';
