/**
 * Shutting processes in: what bubblewrap is told so that a plan sees what its view names and nothing else, whether this machine can, and
 * what to do where it cannot. Imports `domain`, `process` and the network's bridge; never starts anything but its own probes.
 */
export { openSandbox, type SandboxOptions } from './open.ts';
export { own } from './own.ts';
