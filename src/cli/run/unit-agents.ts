import { atModel, parseAgent, type AgentChoice } from '../../agent/index.ts';
import {
  err,
  ok,
  type CodeTask,
  type Escalation,
  type Problem,
  type Result,
  type Spec,
  type UnitId,
} from '../../domain/index.ts';
import type { World } from '../world.ts';

/** Who codes what. */
export interface CodeAgents {
  readonly coder: AgentChoice;
  /** Who codes the units whose files name somebody. */
  readonly unitAgents: ReadonlyMap<UnitId, AgentChoice>;
}

/** Who does a code run: whom its unit names or else everybody's, with the stronger model where it is its turn. */
export function codeAgentOf(
  { coder, unitAgents }: CodeAgents,
  { unit, model }: Pick<CodeTask, 'unit' | 'model'>,
): AgentChoice {
  const choice = unitAgents.get(unit) ?? coder;
  return model === undefined ? choice : (atModel(choice, model) ?? choice);
}

/** Agents that unit files name, by unit. */
export function unitAgentsOf(
  { node }: World,
  { project, spec, coder }: { project: string; spec: Spec; coder: AgentChoice },
): Result<ReadonlyMap<UnitId, AgentChoice>, Problem> {
  const choices = new Map<UnitId, AgentChoice>();
  for (const [unit, { agent, model, place }] of spec.agents) {
    const where = `${place.file}:${String(place.line)}:${String(place.column)}`;
    const base = agent === null ? ok(coder) : parseAgent(agent, { base: project, node });
    if (!base.ok) return err({ ...base.error, where });
    const choice = model === null ? base.value : atModel(base.value, model);
    if (choice === null) return err(noModel(where, model ?? ''));
    choices.set(unit, choice);
  }
  return ok(choices);
}

/** A stronger model that no agent of the run could be given would be ignored without a word. */
export function uselessLadder(
  agents: CodeAgents,
  { escalate }: { readonly escalate: Escalation | null },
): Problem | null {
  if (escalate === null) return null;
  const able = [agents.coder, ...agents.unitAgents.values()].some(
    (choice) => atModel(choice, escalate.model) !== null,
  );
  return able ? null : noModel('--escalate-model', escalate.model);
}

const noModel = (where: string, model: string): Problem => ({
  where,
  what: `No agent here can be given the model "${model}".`,
  remedy:
    'Name a model of claude or codex, with the agent in front where it is another: claude:opus.',
});
