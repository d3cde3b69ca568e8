export { createProxy } from './proxy.ts';
export type { Address, RecordingProxy } from './proxy.ts';
