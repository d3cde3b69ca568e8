/**
 * Ways through the wall: the bridge inside a sandbox, and what stands at the host's end of a route (a web proxy that knows few hosts, a
 * gateway that holds the key of an API, leads to addresses of this machine, doors to a service inside). Imports process only; never
 * decides who gets which way.
 */
export type { HostAddress } from './lead.ts';
export type { Asker } from './egress.ts';
export { openNetwork } from './network.ts';
export type { Door, Network, NetworkOptions, Way } from './network.ts';
export { BRIDGE } from './programs.ts';
