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

const given = (command: Command): number | null =>
  ('allotment' in command && command.allotment?.usd) || null;

const consuming = (costUsd: number | null): AgentReport => ({
  ...agent,
  usage: { ...agent.usage, costUsd },
});

/** What became of its agent; under a budget it may use all that it was given, or nobody knows what it used. */
export function ran(command: Command, { die }: World): AgentReport {
  const usd = given(command);
  if (usd === null) return agent;
  return consuming([Math.min(0.1, usd), usd, null][die.roll(3)] ?? null);
}

/** An agent that was cut off, and used no more than it was given. */
export const cutOff = (command: Command): AgentReport =>
  consuming(Math.min(0.1, given(command) ?? Infinity));

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
