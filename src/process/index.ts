/**
 * Processes: the only room that spawns or kills, and that clears away the folders they filled. Imports no other room; never decides what to run, never reads the
 * environment of this process, never prints.
 */
export type {
  Enclosure,
  Exit,
  Limits,
  Overlay,
  Route,
  Running,
  Sandbox,
  SpawnPlan,
  View,
  Watch,
} from './plan.ts';
export { BASE_ENVIRONMENT, environment } from './environment.ts';
export { startDetached } from './detach.ts';
export { closeInherited } from './descriptors.ts';
export { openTree, removeTree } from './remove.ts';
export { Shell } from './shell.ts';
export { run, spawn } from './spawn.ts';
export { sweepMarker } from './marker.ts';
