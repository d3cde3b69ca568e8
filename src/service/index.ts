/**
 * The service under test: finding out how it is started, starting it, asking its health, stopping it, and throw-away instances
 * beside it. Imports domain and process; never judges the product beyond "it does not serve", never talks to an agent.
 */
export { lastLine } from './last-line.ts';
export type { Discovered } from './discovered.ts';
export { discover } from './discover.ts';
export type { Front, ProductTree, ServiceOptions, SideFailure, SideInstance } from './options.ts';
export type { ServiceUnderTest } from './service.ts';
export { createService } from './service.ts';
export { touchesServer } from './touches.ts';
export type { Tree } from './tree.ts';
export { treeIn } from './tree.ts';
