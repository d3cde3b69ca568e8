import type { AgentReport } from '../agent.ts';
import type { Spend, UnitRecord } from '../state.ts';

/** What an agent's run consumed on top; a cost nobody knows is counted as such, never as nothing. */
export function add(spend: Spend, { usage }: AgentReport): Spend {
  const { costUsd, inputTokens, outputTokens } = usage;
  return {
    usd: spend.usd + (costUsd ?? 0),
    unknownRuns: spend.unknownRuns + (costUsd === null ? 1 : 0),
    inputTokens: spend.inputTokens + (inputTokens ?? 0),
    outputTokens: spend.outputTokens + (outputTokens ?? 0),
  };
}

/** The record with what an agent's run consumed added. */
export const spent = (record: UnitRecord, agent: AgentReport | null): UnitRecord =>
  agent === null ? record : { ...record, spend: add(record.spend, agent) };
