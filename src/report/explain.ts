import type { Plan } from '../domain/index.ts';
import { count, elapsed, listed, oneLine, percent } from './words.ts';

/** What `run --dry-run` knows beyond the plan. */
export interface PlanExtras {
  readonly branch: string;
  /** Who codes and who evaluates, as a person would name them: `claude`, `command:aider`, `scripted (no model is called)`. */
  readonly agents: { readonly code: string; readonly evaluation: string };
  /** How the service is started: `npm start (package.json)`, `none`, `discovered when a check needs it`. */
  readonly service: string;
  /** Wall-clock cap of one agent run, ms. */
  readonly agentWallMs?: number;
}

/** Plain text for `run --dry-run`: what would happen, in order. */
export function explainPlan(plan: Plan, extras: PlanExtras): string {
  const open = plan.units.filter((unit) => !unit.done);
  const cap = extras.agentWallMs === undefined ? '' : `, ${elapsed(extras.agentWallMs)} each`;
  const authors = plan.evaluation === 'checks' ? open.length : 0;
  return `${[
    `${plan.spec}: ${oneLine(plan.title)}`,
    `${count(plan.units.length, 'unit')} in ${count(plan.groups.length, 'group')}, ${count(plan.units.length - open.length, 'unit')} completed already`,
    `${percent(plan.threshold)} of a unit's scenarios must pass, at most ${count(plan.maxIterations, 'iteration')} each`,
    '',
    ...plan.groups.flatMap((group) => explainGroup(plan, group)),
    `run branch   ${extras.branch}`,
    `code agent   ${extras.agents.code}, at most ${String(plan.slots)} at once${cap}`,
    `evaluation   ${extras.agents.evaluation} (${plan.evaluation === 'checks' ? 'compiles scenarios to checks, once; the runtime executes them' : 'live evaluator, each iteration'})`,
    `service      ${extras.service}`,
    `agent calls  ${count(open.length, 'code run')} at least, ${String(open.length * plan.maxIterations)} at most${authors === 0 ? '' : `; ${count(authors, 'call')} of the check author at least`}`,
    '',
    'Dry run: nothing was started and nothing was written.',
  ].join('\n')}\n`;
}

function explainGroup(plan: Plan, group: Plan['groups'][number]): readonly string[] {
  const units = new Map(plan.units.map((unit) => [unit.id, unit]));
  return [
    `Group ${String(group.number)} (${group.mode === 'parallel' ? 'parallel: units are coded side by side' : 'sequential: one unit after the other'})`,
    ...group.units.flatMap((id) => {
      const unit = units.get(id);
      return unit === undefined ? [] : [explainUnit(unit)];
    }),
    '',
  ];
}

function explainUnit(unit: Plan['units'][number]): string {
  const after = unit.after.length === 0 ? '' : `, after ${listed(unit.after, 8)}`;
  const first = unit.scenarios.filter(({ priority }) => priority === 'P0').length;
  const musts = first === 0 ? '' : ` (${String(first)} P0)`;
  return `  [${unit.done ? 'x' : ' '}] ${unit.id}: ${oneLine(unit.title)} (${count(unit.scenarios.length, 'scenario')}${musts}${after})`;
}
