import { generated } from './generated-plans.js';
import { spread } from './rounds.js';

const PLANS = 50;

/**
 * How long runs take beside the shortest that any order of the same work could take: the pure core drives 50 random manifests with
 * simulated durations: without anything that saves time between and within groups, as it is, and with `--parallel-eval`.
 */
export async function makespan() {
  // Built first, so that it is imported when it is there.
  const { next, evolve, paceOf } = await import('../dist/domain/index.js');
  const core = { next, evolve, paceOf };
  const measure = (ways) =>
    generated(PLANS).map(({ plan, took }) => {
      const { parallelEval } = ways;
      const planned = { ...plan, parallelEval, ...(ways.learnt && { expected: took }) };
      return ratio(core, { plan: planned, took, ways });
    });
  const nothing = { learnt: false, early: false, ready: false, parallelEval: false };
  const asItIs = { learnt: true, early: true, ready: true, parallelEval: false };
  return [
    row('wall / lower bound, manifest order, nothing ahead', measure(nothing)),
    row('the same, longest known unit first', measure({ ...nothing, learnt: true })),
    row('and checks, template, install of the next group ahead', measure(asItIs)),
    row('and --parallel-eval', measure({ ...asItIs, parallelEval: true })),
  ];
}

/**
 * What goes on beside what: `learnt`: durations are known; `early`: checks of the next group are compiled in idle slots; `ready`: what agents of a
 * group begin with was made while the last one was measured.
 */

const row = (what, ratios) => {
  const { min, median, max } = spread(ratios);
  const text = (number) => number.toFixed(2);
  return {
    what,
    measured: `${text(min)} / ${text(median)} / ${text(max)} ×`,
    yardstick: `lower bound, ${PLANS} manifests`,
    result: `${text(ratios.reduce((sum, each) => sum + each, 0) / ratios.length)} × on average`,
    limit: '–',
    over: false,
  };
};

/** Wall time of a simulated run by its lower bound. */
function ratio({ next, evolve, paceOf }, { plan, took, ways }) {
  let now = 0;
  let seq = 0;
  let state = null;
  const coded = {};
  let work = 0;
  const append = (fact) => {
    seq += 1;
    state = evolve(state, { seq, at: new Date(now).toISOString(), run: 'r', ...fact });
  };
  append({ type: 'run.started', plan, branch: 'b', base: 'c0', inputs: {} });
  /** Work in flight, by when it ends. */
  const flying = [];
  /** When the template of a group's first commit is there; within a sequential group the next one is made beside the landing. */
  const templates = new Map();
  const templateOf = (commit) => {
    if (!templates.has(commit)) templates.set(commit, now + TEMPLATE);
    return templates.get(commit);
  };
  const isNow = (command) =>
    ways.early || command.do !== 'compile checks' || isOwn(state, command.unit);
  for (;;) {
    const command = next(state).find(isNow);
    if (command !== undefined) {
      if (command.do === 'finish') break;
      const { begin, ms, end } = stepOf(command, { plan, took, state });
      append(begin);
      if (ways.ready && command.do === 'evaluate') templateOf(state.head);
      const isFirst = command.do === 'code' && command.base === state.group.base;
      const waits = isFirst ? Math.max(0, templateOf(command.base) - now) : 0;
      if (end !== null) flying.push({ at: now + waits + ms, end });
      if (command.do === 'code') coded[command.unit] = (coded[command.unit] ?? 0) + ms;
      if (command.do === 'code' || command.do === 'compile checks') work += ms;
      continue;
    }
    flying.sort((a, b) => a.at - b.at);
    const first = flying.shift();
    now = first.at;
    append(first.end);
  }
  const { bound } = paceOf(plan, { wall: now, coded, work });
  return now / bound;
}

const isOwn = ({ plan, group }, unit) =>
  plan.groups.find(({ number }) => number === group?.number)?.units.includes(unit) ?? true;

const SECOND = 1000;
/** Of a middling repository, dependencies and all. */
const TEMPLATE = 10 * SECOND;

/** What begins, how long it takes, ms, and what ends it; every product is right, because retries follow from the same order. */
function stepOf(command, { plan, took, state }) {
  const { unit } = command;
  const agent = {
    agent: 'simulated',
    outcome: 'ok',
    usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    ms: 0,
    transcript: 't',
  };
  switch (command.do) {
    case 'start group':
      return { begin: { type: 'group.started', group: command.group }, ms: 0, end: null };
    case 'finish group':
      return { begin: { type: 'group.finished', group: command.group }, ms: 0, end: null };
    case 'audit': {
      const { base } = command;
      const found = {
        clean: 'k',
        tree: 't',
        hidden: [],
        objects: 0,
        holdouts: 0,
        shared: [],
        hunt: null,
      };
      return {
        begin: { type: 'audit.started', base },
        ms: SECOND,
        end: { type: 'audit.finished', base, ...found },
      };
    }
    case 'code': {
      const { iteration, attempt, base } = command;
      const of = { unit, iteration, attempt };
      return {
        begin: { type: 'code.started', ...of, base },
        ms: took[unit],
        end: { type: 'code.finished', ...of, commit: `h-${unit}`, files: 1, agent },
      };
    }
    case 'land':
      return {
        begin: { type: 'land.started', unit },
        ms: SECOND,
        end: { type: 'land.finished', unit, commit: `l-${unit}`, files: 1, serverSide: false },
      };
    case 'compile checks':
      return {
        begin: { type: 'checks.started', unit },
        ms: 30 * SECOND,
        end: { type: 'checks.finished', unit, checks: [check], broken: [], agent },
      };
    case 'evaluate': {
      const { iteration, commit, aside } = command;
      const place = aside === undefined ? {} : { aside };
      const scenarios = [{ name: 's', outcome: 'passed', attempts: [] }];
      return {
        begin: { type: 'evaluation.started', unit, iteration, commit, ...place },
        ms: 20 * SECOND,
        end: {
          type: 'evaluation.finished',
          unit,
          iteration,
          commit,
          scenarios,
          symptoms: [],
          agent: null,
        },
      };
    }
    case 'gate': {
      const { group, units } = command;
      const nothing = {
        steps: [],
        blamed: [],
        escalated: [],
        waiting: [],
        backedOut: [],
        violations: [],
        agents: [],
      };
      return {
        begin: { type: 'gate.started', group, units },
        ms: 10 * SECOND,
        end: {
          type: 'gate.finished',
          group,
          commit: state.head,
          ...nothing,
          holding: [],
          proven: true,
          through: true,
        },
      };
    }
    case 'edit manifest': {
      const { tick, status } = command;
      return {
        begin: { type: 'manifest.editing', tick, status, before: 'b', after: 'a' },
        ms: SECOND,
        end: { type: 'manifest.edited', tick, status, commit: state.head },
      };
    }
    default:
      throw new Error(`${plan.spec}: ${command.do} has no simulated duration`);
  }
}

const check = { scenario: 's', file: 'f', sha256: 'h', origin: 'author', needsService: false };
