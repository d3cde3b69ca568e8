import type {
  AgentReport,
  Command,
  FrozenCheck,
  RunState,
  ScenarioOutcome,
} from '../../../src/domain/index.ts';
import type { Dice } from './dice.ts';

/** What decides how things turn out. */
export interface World {
  readonly state: RunState;
  readonly die: Dice;
  /** What each measurement finds, instead of the dice. */
  readonly verdict: ((unit: string, iteration: number) => ScenarioOutcome) | null;
  /** A new one. */
  commit(): string;
}

export type Of<Do extends Command['do']> = Extract<Command, { do: Do }>;

export const agent: AgentReport = {
  agent: 'simulated',
  outcome: 'ok',
  usage: { costUsd: 0.1, inputTokens: 10, outputTokens: 1 },
  ms: 1,
  transcript: 't',
};

/** What became of its agent; under a budget it may use all that it was given, or nobody knows what it used. */
export function ran(command: Command, { die }: World): AgentReport {
  const { usd = null } = ('allotment' in command && command.allotment) || {};
  if (usd === null) return agent;
  const costUsd = [0.1, usd, null][die.roll(3)] ?? null;
  return { ...agent, usage: { ...agent.usage, costUsd: costUsd && Math.min(costUsd, usd) } };
}

export const checkOf = (scenario: string, sha256: string): FrozenCheck => ({
  scenario,
  file: 'f',
  sha256,
  origin: 'author',
  needsService: false,
});

export const codeRunOf = ({ unit, iteration, attempt, base, model }: Of<'code'>) => ({
  unit,
  iteration,
  attempt,
  base,
  ...(model !== undefined && { model }),
});
