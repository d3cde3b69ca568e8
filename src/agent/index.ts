/**
 * Agents: how each agent program is called, read and judged, and the one way to run it. May import domain, process and types of the
 * barrier; never writes a prompt, never decides what an agent may see, never reads the environment of this process.
 */
export type { Adapter } from './adapter.ts';
export { adapterFor } from './adapters.ts';
export { agentName, atModel, parseAgent } from './choice.ts';
export type { AgentChoice, ChoiceContext } from './choice.ts';
export { programOf } from './program.ts';
export type { AgentProgram } from './program.ts';
export { isLoopback, reachOf } from './reach.ts';
export type { AgentReach, ModelApi } from './reach.ts';
export { probe } from './probe.ts';
export type { AgentProbe } from './probe.ts';
export type {
  AgentFailure,
  AgentRequest,
  AgentRole,
  AgentRun,
  Caps,
  JsonSchema,
} from './request.ts';
export { runAgent } from './run.ts';
