import type { AgentReport, RunEvent } from '../../domain/index.ts';

/** Whose work an agent's run was. */
export type Role =
  | 'code agent'
  | 'check author'
  | 'second author'
  | 'live evaluator'
  | 'judge of the constitution'
  | 'other';

/** What the agents of one role consumed. */
export interface RoleSpend {
  readonly role: Role;
  /** As the agent calls itself: `claude`, `command:aider`. */
  readonly agent: string;
  readonly runs: number;
  readonly usd: number;
  /** Runs whose cost nobody knows. */
  readonly unknownRuns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Runs whose tokens nobody knows. */
  readonly untoldRuns: number;
  /** Wall-clock, ms, summed over agents that worked side by side. */
  readonly ms: number;
}

/** Sums every agent run of a journal, also those that came to nothing, by role and agent. */
export function spendingOf(events: readonly RunEvent[]): readonly RoleSpend[] {
  const sums = new Map<string, RoleSpend>();
  for (const event of events)
    for (const report of reportsIn(event)) {
      const role = roleOf(event);
      const key = `${role}\n${report.agent}`;
      sums.set(key, plus(sums.get(key) ?? nothing(role, report.agent), report));
    }
  return [...sums.values()];
}

const nothing = (role: Role, agent: string): RoleSpend => ({
  role,
  agent,
  runs: 0,
  usd: 0,
  unknownRuns: 0,
  inputTokens: 0,
  outputTokens: 0,
  untoldRuns: 0,
  ms: 0,
});

function plus(sum: RoleSpend, { usage, ms }: AgentReport): RoleSpend {
  const { costUsd, inputTokens, outputTokens } = usage;
  return {
    ...sum,
    runs: sum.runs + 1,
    usd: sum.usd + (costUsd ?? 0),
    unknownRuns: sum.unknownRuns + (costUsd === null ? 1 : 0),
    inputTokens: sum.inputTokens + (inputTokens ?? 0),
    outputTokens: sum.outputTokens + (outputTokens ?? 0),
    untoldRuns: sum.untoldRuns + (inputTokens === null || outputTokens === null ? 1 : 0),
    ms: sum.ms + ms,
  };
}

/** Whatever variant carries them: agents of events that come later are counted too. */
function reportsIn(event: RunEvent): readonly AgentReport[] {
  const one = 'agent' in event ? (event.agent ?? null) : null;
  return [...(one === null ? [] : [one]), ...('agents' in event ? event.agents : [])];
}

function roleOf(event: RunEvent): Role {
  const work =
    event.type === 'infra.failed' || event.type === 'run.tripped'
      ? (event.operation ?? '')
      : event.type.split('.', 1)[0];
  switch (work) {
    case 'code':
      return 'code agent';
    case 'checks':
      return 'check author';
    case 'opinion':
      return 'second author';
    case 'evaluation':
      return 'live evaluator';
    case 'gate':
      return 'judge of the constitution';
    default:
      return 'other';
  }
}
