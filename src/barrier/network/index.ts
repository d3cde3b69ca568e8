/**
 * Ways through the wall: the bridge inside a sandbox, and what stands at the host's end of a route. Imports nothing of the barrier beside
 * it; never decides who gets a route.
 */
export { BRIDGE, BRIDGE_FILES } from './programs.ts';
export { dial } from './dial.ts';
