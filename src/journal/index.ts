/**
 * The journal: runs on disk under `.factory/`, one `RunEvent` a line, with the lock that keeps a spec to one run at a time and
 * the inbox through which another terminal decides. May import domain. Never decides what an event means, never runs a process.
 */
export { dropDecision, takeDecisions, waitingDecisions } from './inbox.ts';
export type { Dropped, TakenDecision } from './inbox.ts';
export { logFileFor } from './folder.ts';
export { lockHolder, lockSpec } from './lock.ts';
export type { LockOwner, SpecLock } from './lock.ts';
export { isOver, openStore } from './store.ts';
export type { OpenRun, RunEntry, RunLog, Store } from './store.ts';
