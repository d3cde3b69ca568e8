import {
  evolve,
  next,
  type Command,
  type Plan,
  type RunEvent,
  type RunFact,
  type RunState,
} from '../../src/domain/index.ts';
import { beginningOf, isAtOnce } from './simulated/begin.ts';
import type { Dice } from './simulated/dice.ts';
import { endOf } from './simulated/end.ts';
import { misfortune } from './simulated/misfortune.ts';
import { answerTo } from './simulated/person.ts';
import type { World } from './simulated/world.ts';

/** Every process says what it stands behind. */
const SHUT_IN = { type: 'barrier.opened', mode: 'auto', tier: 'bwrap', detail: 'tried' } as const;

/** A run driven by the pure core alone: every outcome comes from the dice. */
export class Simulation implements World {
  readonly events: RunEvent[] = [];
  state: RunState;
  /** Operations started and not ended, oldest first. */
  readonly flying: Command[] = [];
  paused = false;
  stopped = false;
  readonly die: Dice;
  readonly verdict: World['verdict'];
  private commits = 0;

  constructor(plan: Plan, die: Dice, verdict: World['verdict'] = null) {
    this.die = die;
    this.verdict = verdict;
    this.state = this.append({
      type: 'run.started',
      plan,
      branch: 'factory/x',
      base: 'c0',
      inputs: {},
      inherited: plan.units.filter(({ done }) => done).map(({ id }) => ({ unit: id, checks: [] })),
    });
    this.append(SHUT_IN);
  }

  append(fact: RunFact): RunState {
    const event: RunEvent = {
      seq: this.events.length + 1,
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, this.events.length)).toISOString(),
      run: 'r',
      ...fact,
    };
    this.events.push(event);
    this.state = evolve(this.state ?? null, event);
    return this.state;
  }

  /** Starts everything that may start, then ends one operation in flight. False when nothing is left to do. */
  step(onStart: (command: Command, before: RunState) => void = () => {}): boolean {
    for (let commands = next(this.state); commands.length > 0; commands = next(this.state)) {
      const [command] = commands;
      if (command === undefined || this.paused || this.stopped) return false;
      onStart(command, this.state);
      this.start(command);
    }
    if (this.flying.length === 0) return false;
    const [command] = this.flying.splice(this.die.roll(this.flying.length), 1);
    if (command !== undefined) this.append(endOf(command, this));
    return true;
  }

  /** The process dies and another takes over. */
  crash(): void {
    this.flying.length = 0;
    this.stopped = false;
    this.paused = false;
    const slots = this.die.roll(4);
    const { infra, service } = this.state.plan;
    // The next call may come with other flags.
    const plan =
      slots === 0 ? {} : { plan: { slots, infra, service }, flags: ['--slots', `${slots}`] };
    this.append({ type: 'run.resumed', ...plan });
    this.append(SHUT_IN);
  }

  readonly commit = (): string => `c${++this.commits}`;

  private start(command: Command): void {
    // It is over the moment it is said, but may fail like any operation.
    const failed = command.do === 'finish group' ? misfortune(command, this) : null;
    this.append(failed ?? beginningOf(command));
    if (!isAtOnce(command)) this.flying.push(command);
    if (command.do === 'pause') this.paused = true;
    if (command.do === 'stop') this.stopped = true;
    if (command.do !== 'ask') return;
    const answer = answerTo(command.question, this);
    if (answer !== null) this.append(answer);
  }
}

/** Ends when the simulated run neither moves nor may move; throws when it never does. */
export function runToEnd(
  simulation: Simulation,
  onStart?: Parameters<Simulation['step']>[0],
): void {
  for (let steps = 0; simulation.step(onStart); steps++)
    if (steps > 20_000) throw new Error('the run does not terminate');
}
