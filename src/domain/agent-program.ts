/** Programs that are called through an adapter of their own, by the names that `--agent` and `agent:` take. What each of them needs follows from this list by type. */
export const AGENT_PROGRAMS = ['claude', 'codex'] as const;

export type AgentProgramName = (typeof AGENT_PROGRAMS)[number];

export const isAgentProgram = (name: string): name is AgentProgramName =>
  (AGENT_PROGRAMS as readonly string[]).includes(name);
