/**
 * The composition root: everything that is ambient (argv, environment, clock, signals, terminal) is read here and handed on. Imports every room. This
 * index is what `src/library` shares with the command line; the command line itself starts at `main.ts`.
 */
export { embeddedWorld } from './embedded.ts';
export type { Surroundings } from './embedded.ts';
export { execute, exitCodeOf } from './run/execute.ts';
export type { Executed } from './run/execute.ts';
export { EXIT } from './exit.ts';
export { isMachines, machineProblem } from './machine.ts';
export { prepare } from './run/prepare.ts';
export { refused } from './refusal.ts';
export type { Refusal } from './refusal.ts';
export { SETTING_NAMES } from './settings/table.ts';
export type { Said } from './settings/table.ts';
export { textsOf } from './settings/words.ts';
export { examine } from './project/validation.ts';
