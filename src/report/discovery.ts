import type { RunState } from '../domain/index.ts';
import { count, oneLine, percent, short } from './words.ts';

/** What was found, when a run begins: the spec, its branch, and who will work on it. */
export function discovery(state: RunState): readonly string[] {
  const { plan } = state;
  const scenarios = plan.units.reduce((sum, unit) => sum + unit.scenarios.length, 0);
  const done = plan.units.filter((unit) => unit.done).length;
  return [
    `${plan.spec}: ${oneLine(plan.title)}`,
    [
      `${count(plan.units.length, 'unit')} in ${count(plan.groups.length, 'group')}`,
      count(scenarios, 'scenario'),
      `${percent(plan.threshold)} needed`,
      `at most ${count(plan.maxIterations, 'iteration')} each`,
      ...(done === 0 ? [] : [`${String(done)} completed already`]),
    ].join(', '),
    `${state.branch === '' ? 'no branch, a private repository' : `branch ${state.branch}`} from ${short(state.base)}`,
    ...agentsLine(plan),
  ];
}

/** Who codes and who evaluates. One that plays prepared files says so: nothing that it does shows what a model would do. */
function agentsLine({ agents, evaluation }: RunState['plan']): readonly string[] {
  if (agents === undefined) return [];
  const named = (agent: string) =>
    agent.startsWith('scripted:') ? 'scripted (prepared files, no model is called)' : agent;
  const role = evaluation === 'report' ? 'evaluation agent' : 'check author';
  return agents.code === agents.evaluation
    ? [`code agent and ${role}: ${named(agents.code)}`]
    : [`code agent: ${named(agents.code)}; ${role}: ${named(agents.evaluation)}`];
}
