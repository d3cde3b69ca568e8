import fc from 'fast-check';
import {
  admits,
  evolve,
  holdoutsOf,
  next,
  plannedUnit,
  unitId,
  type AgentReport,
  type Command,
  type FrozenCheck,
  type HeardOpinion,
  type Plan,
  type Priority,
  type RunEvent,
  type RunFact,
  type RunState,
  type ScenarioOutcome,
} from '../../src/domain/index.ts';

/** Draws from a stream of numbers that fast-check shrinks; 0 for ever once it is used up, which means "all goes well". */
export interface Dice {
  roll(sides: number): number;
}

export const dice = (numbers: readonly number[]): Dice => {
  let position = 0;
  return { roll: (sides) => (numbers[position++] ?? 0) % sides };
};

const agent: AgentReport = {
  agent: 'simulated',
  outcome: 'ok',
  usage: { costUsd: 0.1, inputTokens: 10, outputTokens: 1 },
  ms: 1,
  transcript: 't',
};

const operations = {
  audit: 'audit',
  code: 'code',
  land: 'land',
  'compile checks': 'checks',
  'ready service': 'service',
  evaluate: 'evaluation',
  'second opinion': 'opinion',
  gate: 'gate',
  'measure sealed': 'sealed',
  'edit manifest': 'edit',
  'finish group': 'delivery',
  'await limit': 'limit',
} as const;

const checkOf = (scenario: string, sha256: string): FrozenCheck => ({
  scenario,
  file: 'f',
  sha256,
  origin: 'author',
  needsService: false,
});

/** What looks for breaches in what comes out of it. */
const TRIPPABLE: readonly Command['do'][] = ['code', 'land', 'evaluate', 'ready service', 'gate'];

/** Every process says what it stands behind. */
const SHUT_IN = { type: 'barrier.opened', mode: 'auto', tier: 'bwrap', detail: 'tried' } as const;

type Verdict = (unit: string, iteration: number) => ScenarioOutcome;

/** A run driven by the pure core alone: every outcome comes from the dice. */
export class Simulation {
  readonly events: RunEvent[] = [];
  state: RunState;
  /** Operations started and not ended, oldest first. */
  readonly flying: Command[] = [];
  paused = false;
  stopped = false;
  private readonly die: Dice;
  private readonly verdict: Verdict | null;
  private commits = 0;

  /** `verdict`: what each measurement finds, instead of the dice. */
  constructor(plan: Plan, die: Dice, verdict: Verdict | null = null) {
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
    if (command !== undefined) this.end(command);
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

  private start(command: Command): void {
    const begin = (fact: RunFact) => {
      this.append(fact);
      this.flying.push(command);
    };
    switch (command.do) {
      case 'start group':
        return void this.append({ type: 'group.started', group: command.group });
      case 'finish group':
        return this.die.roll(12) === 11
          ? this.infra(command)
          : void this.append({ type: 'group.finished', group: command.group });
      case 'code':
        return begin({ type: 'code.started', ...pick(command) });
      case 'audit':
        return begin({ type: 'audit.started', base: command.base });
      case 'trip':
        return void this.append({
          type: 'run.tripped',
          what: command.what,
          where: command.where,
          unit: null,
          operation: null,
        });
      case 'land':
        return begin({ type: 'land.started', unit: command.unit });
      case 'compile checks':
        return begin({ type: 'checks.started', unit: command.unit });
      case 'ready service':
        return begin({ type: 'service.started', group: command.group, action: command.action });
      case 'evaluate':
        return begin({
          type: 'evaluation.started',
          unit: command.unit,
          iteration: command.iteration,
          commit: command.commit,
          ...(command.aside && { aside: command.aside }),
        });
      case 'second opinion':
        return begin({
          type: 'opinion.started',
          unit: command.unit,
          iteration: command.iteration,
          commit: command.commit,
          scenarios: command.doubts.map(({ check }) => check.scenario),
        });
      case 'gate':
        return begin({ type: 'gate.started', group: command.group, units: [...command.units] });
      case 'measure sealed':
        return begin({ type: 'sealed.started', units: command.units.map(({ unit }) => unit) });
      case 'edit manifest':
        return begin({
          type: 'manifest.editing',
          tick: [...command.tick],
          status: command.status,
          before: 'b',
          after: 'a',
        });
      case 'await limit':
        return begin({ type: 'limit.waiting', provider: command.provider, until: command.until });
      case 'ask':
        this.append({ type: 'question.asked', question: command.question });
        return this.answer(command);
      case 'finish':
        return void this.append({ type: 'run.finished', status: command.status });
      case 'stop':
        this.append({ type: 'run.stopped', reason: command.reason, detail: command.detail });
        this.stopped = true;
        return undefined;
      case 'pause':
        this.append({ type: 'run.paused' });
        this.paused = true;
        return undefined;
    }
  }

  private answer({ question }: Extract<Command, { do: 'ask' }>): void {
    const { subject } = question;
    const made = (decision: Extract<RunFact, { type: 'decision.made' }>['decision']) =>
      this.append({ type: 'decision.made', subject, decision, by: 'policy' });
    if (admits(this.state, subject, { kind: 'accept' }).ok && this.die.roll(2) === 1)
      return void made({ kind: 'accept' });
    const freeze = { kind: 'freeze', check: { ...checkOf('s0', 'own'), revised: 'why' } } as const;
    if (this.die.roll(7) === 6 && admits(this.state, subject, freeze).ok) return void made(freeze);
    switch (this.die.roll(6)) {
      case 0:
        return void made({ kind: 'skip' });
      case 1:
        return void made({ kind: 'retry', guidance: 'look again' });
      case 2:
        return void (admits(this.state, subject, { kind: 'recheck', scenario: 's0' }).ok
          ? made({ kind: 'recheck', scenario: 's0' })
          : made({ kind: 'skip' }));
      case 3:
        return void made({ kind: 'abort' });
      case 4:
        // One answer for every unit whose product could not be served.
        if (!admits(this.state, 'service', { kind: 'start', command: 'x' }).ok) return undefined;
        return void this.append({
          type: 'decision.made',
          subject: 'service',
          decision: { kind: 'start', command: 'x' },
          by: 'policy',
        });
      default:
        return undefined;
    }
  }

  private end(command: Command): void {
    // A wait cannot fail; it can only be cut off with its process.
    if (command.do !== 'await limit' && this.die.roll(12) === 11) return this.infra(command);
    if (TRIPPABLE.includes(command.do) && this.die.roll(80) === 79) return this.trip(command);
    switch (command.do) {
      case 'code':
        return void this.append({
          type: 'code.finished',
          ...pick(command),
          commit: this.commit(),
          files: 1,
          agent: this.ran(command),
        });
      case 'audit':
        return this.audit(command.base);
      case 'land':
        return this.land(command.unit);
      case 'compile checks':
        return void this.append({
          type: 'checks.finished',
          unit: command.unit,
          checks: plannedUnit(this.state, command.unit).scenarios.map(({ name }) => ({
            scenario: name,
            file: 'f',
            sha256: `h${this.die.roll(3)}`,
            origin: 'author' as const,
            needsService: this.die.roll(3) !== 2,
          })),
          broken: [],
          agent: this.ran(command),
        });
      case 'await limit':
        return void this.append({ type: 'limit.lifted', provider: command.provider });
      case 'ready service':
        return this.serve(command);
      case 'evaluate':
        return this.measure(command);
      case 'second opinion':
        return this.opine(command);
      case 'gate':
        return this.gate(command);
      case 'measure sealed': {
        const units = command.units.map(({ unit }) => ({
          unit,
          scenarios: [{ name: 'last', outcome: 'passed' as const, attempts: [] }],
        }));
        return void this.append({ type: 'sealed.finished', commit: command.commit, units });
      }
      case 'edit manifest':
        return void this.append({
          type: 'manifest.edited',
          tick: [...command.tick],
          status: command.status,
          commit: this.commit(),
        });
      default:
        throw new Error(`${command.do} is never in flight`);
    }
  }

  private audit(base: string): void {
    const copied = this.die.roll(60) === 59;
    this.append({
      type: 'audit.finished',
      base,
      clean: 'k',
      tree: 't',
      hidden: ['.start/specs'],
      objects: 3,
      holdouts: 1,
      shared: copied ? [{ blob: 'b', holdout: 'scenarios/u/s0.md' }] : [],
      hunt: null,
    });
  }

  private trip(command: Command): void {
    const operation = operations[command.do as keyof typeof operations];
    const unit = 'unit' in command ? command.unit : null;
    this.append({ type: 'run.tripped', what: 'a canary', where: 'transcript', operation, unit });
  }

  private infra(command: Command): void {
    const operation = operations[command.do as keyof typeof operations];
    const subject = 'unit' in command ? { unit: command.unit } : {};
    const budgeted = 'allotment' in command && this.die.roll(2) === 1;
    const sends = ['code', 'compile checks', 'gate'].includes(command.do);
    const limited = this.state.plan.agents !== undefined && sends && this.die.roll(2) === 1;
    const stuck =
      sends && !limited && !budgeted
        ? ([undefined, undefined, 'idle', 'wall'] as const)[this.die.roll(4)]
        : undefined;
    this.append({
      type: 'infra.failed',
      operation,
      ...subject,
      detail: 'the disk is full',
      ...(budgeted && { agent: this.ran(command) }),
      ...(limited && { agent: { ...agent, limited: { until: null } } }),
      ...(stuck !== undefined && { agent: { ...agent, stuck } }),
    });
  }

  private land(unit: Extract<Command, { do: 'land' }>['unit']): void {
    switch (this.die.roll(8)) {
      case 6:
        return void this.append({ type: 'land.conflicted', unit, paths: ['a.js'] });
      case 7:
        return void this.append({
          type: 'land.refused',
          unit,
          symptoms: ['it wrote under .start/'],
        });
      default:
        return void this.append({
          type: 'land.finished',
          unit,
          commit: this.commit(),
          files: 1,
          serverSide: this.die.roll(2) === 1,
        });
    }
  }

  /** Whatever a gate may find: units to blame, work to take out, rules that a person decides about, a product that is not through. */
  private gate({ group, units, commit, landings }: Extract<Command, { do: 'gate' }>): void {
    const [first] = units;
    const luck = this.die.roll(10);
    const blamed = first !== undefined && (luck === 6 || luck === 7) ? [first] : [];
    const escalated = first !== undefined && luck === 8 ? [first] : [];
    const culprit = landings.findLast(
      ({ unit, undone }) =>
        !undone && (luck === 7 ? unit === first : luck === 5 && isOut(this.state, unit)),
    );
    const backedOut =
      culprit === undefined
        ? []
        : [{ unit: culprit.unit, commit: this.commit(), landings: [culprit.commit], work: 'w' }];
    this.append({
      type: 'gate.finished',
      group,
      commit: backedOut[0]?.commit ?? commit,
      steps: [{ name: 'verify', outcome: luck === 9 ? 'failed' : 'passed', detail: '' }],
      blamed: blamed.map((unit) => ({ unit, symptom: 'tests fail' })),
      escalated: escalated.map((unit) => ({ unit, kind: 'violation', detail: 'L2' })),
      waiting: blamed.length > 0 ? units.slice(1, 2) : [],
      backedOut,
      violations: escalated.map((unit) => ({
        id: 'v',
        rule: 'r',
        level: 'L2',
        message: 'm',
        file: 'f',
        line: 1,
        unit,
      })),
      agents: [agent],
      holding: [...units],
      proven: luck !== 9,
      through: luck !== 9,
    });
  }

  private serve({ group, commit }: Extract<Command, { do: 'ready service' }>): void {
    switch (this.die.roll(8)) {
      case 6:
        return void this.append({
          type: 'service.failed',
          group,
          symptom: 's',
          detail: 'd',
          log: null,
        });
      case 7:
        return void this.append({
          type: 'service.unclear',
          group,
          log: null,
          question: { subject: 'service', kind: 'service_unknown', detail: 'no start command' },
        });
      default:
        return void this.append({
          type: 'service.ready',
          group,
          commit,
          url: 'http://x',
          source: 'declared',
        });
    }
  }

  private measure(command: Extract<Command, { do: 'evaluate' }>): void {
    const { unit, iteration, commit } = command;
    const outcomes: readonly ScenarioOutcome[] = ['passed', 'passed', 'failed', 'inconclusive'];
    const scenarios = holdoutsOf(plannedUnit(this.state, unit)).map(({ name }) => ({
      name,
      outcome: this.verdict?.(unit, iteration) ?? outcomes[this.die.roll(4)] ?? 'passed',
      attempts: [],
    }));
    const failed = scenarios.some(({ outcome }) => outcome === 'failed');
    this.append({
      type: 'evaluation.finished',
      unit,
      iteration,
      commit,
      scenarios,
      symptoms: failed ? ['GET /: returned status 500'] : [],
      agent:
        this.state.plan.evaluation === 'report' && command.allotment ? this.ran(command) : null,
    });
  }

  private opine(command: Extract<Command, { do: 'second opinion' }>): void {
    const { unit, iteration, commit, doubts } = command;
    const opinions = doubts.map(({ check, second }): HeardOpinion => {
      const { scenario, sha256: on } = check;
      const outcome = (['failed', 'passed', 'inconclusive', null] as const)[this.die.roll(4)];
      if (second === null && (outcome ?? null) === null)
        return { scenario, on, check: null, reason: 'it is vacuous', result: null };
      const other = second ?? { ...check, sha256: `other than ${on}` };
      const result = { name: scenario, outcome: outcome ?? ('failed' as const), attempts: [] };
      return { scenario, on, check: other, result };
    });
    this.append({
      type: 'opinion.finished',
      unit,
      iteration,
      commit,
      opinions,
      agent: this.ran(command),
    });
  }

  /** What became of its agent; under a budget it may use all that it was given, or nobody knows what it used. */
  private ran(command: Command): AgentReport {
    const { usd = null } = ('allotment' in command && command.allotment) || {};
    if (usd === null) return agent;
    const costUsd = [0.1, usd, null][this.die.roll(3)] ?? null;
    return { ...agent, usage: { ...agent.usage, costUsd: costUsd && Math.min(costUsd, usd) } };
  }

  private readonly commit = (): string => `c${++this.commits}`;
}

/** Its landed work is nobody's result. */
const isOut = ({ units }: RunState, id: string): boolean =>
  units.some(
    ({ id: unit, state: { phase } }) => unit === id && ['skipped', 'escalated'].includes(phase),
  );

const pick = ({ unit, iteration, attempt, base, model }: Extract<Command, { do: 'code' }>) => ({
  unit,
  iteration,
  attempt,
  base,
  ...(model !== undefined && { model }),
});

/** Ends when the simulated run neither moves nor may move; throws when it never does. */
export function runToEnd(
  simulation: Simulation,
  onStart?: Parameters<Simulation['step']>[0],
): void {
  for (let steps = 0; simulation.step(onStart); steps++)
    if (steps > 20_000) throw new Error('the run does not terminate');
}

const scenario = (name: string, priority: Priority, sealed = false) => ({ name, priority, sealed });

/** What a unit may have to satisfy. */
const SCENARIOS = [
  [scenario('s0', 'P1')],
  [scenario('s0', 'P0'), scenario('s1', 'P1')],
  [scenario('s0', 'P1'), scenario('s1', 'P2'), scenario('last', 'P0', true)],
] as const;

/** Random plans: up to four groups of up to four units, some done already. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    threshold: fc.constantFrom(0.5, 0.9, 1),
    maxIterations: fc.integer({ min: 1, max: 4 }),
    requireP0: fc.boolean(),
    scenarios: fc.constantFrom(...SCENARIOS),
    slots: fc.integer({ min: 1, max: 4 }),
    parallelEval: fc.boolean(),
    retries: fc.integer({ min: 0, max: 3 }),
    patience: fc.integer({ min: 0, max: 3 }),
    service: fc.constantFrom('none' as const, 'possible' as const),
    evaluation: fc.constantFrom('checks' as const, 'report' as const),
    escalate: fc.constantFrom(
      undefined,
      { model: 'strong', after: 1 },
      { model: 'strong', after: 2 },
    ),
    groups: fc.array(
      fc.record({
        mode: fc.constantFrom('parallel' as const, 'sequential' as const),
        done: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ groups, retries, scenarios, escalate, ...rest }) => {
    const named = groups.map(({ mode, done }, at) => ({
      number: at + 1,
      mode,
      units: done.map((_, unit) => unitId(`g${at + 1}u${unit}`)),
      done,
    }));
    return {
      ...rest,
      ...(escalate !== undefined && { escalate }),
      spec: '001-x',
      title: 'X',
      status: 'pending' as const,
      infra: { retries, backoffMs: 10 },
      // Known of every other unit.
      expected: Object.fromEntries(
        named.flatMap(({ units }) =>
          units.filter((_, at) => at % 2 === 1).map((id) => [id, id.length + named.length]),
        ),
      ),
      groups: named.map(({ number, mode, units }) => ({ number, mode, units })),
      units: named.flatMap(({ units, done }) =>
        units.map((id, at) => ({
          id,
          title: id,
          after: [],
          done: done[at] === true,
          scenarios: [...scenarios],
        })),
      ),
    };
  });

export const anyDice = fc.array(fc.nat({ max: 1000 }), { maxLength: 400, size: 'max' });
