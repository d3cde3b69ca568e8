import type { AgentReport } from './agent.ts';
import type { Spend, UnitRecord } from './state.ts';

/** The record with what an agent's run consumed added; a cost nobody knows is counted as such, never as nothing. */
export function spent(record: UnitRecord, agent: AgentReport | null): UnitRecord {
  if (agent === null) return record;
  const { costUsd, inputTokens, outputTokens } = agent.usage;
  const spend: Spend = {
    usd: record.spend.usd + (costUsd ?? 0),
    unknownRuns: record.spend.unknownRuns + (costUsd === null ? 1 : 0),
    inputTokens: record.spend.inputTokens + (inputTokens ?? 0),
    outputTokens: record.spend.outputTokens + (outputTokens ?? 0),
  };
  return { ...record, spend };
}
