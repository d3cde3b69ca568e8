import { createColors } from 'picocolors';
import stringWidth from 'string-width';
import type { Phase, RunState, UnitRecord } from '../domain/index.ts';
import { satisfactionOf, titleOf } from './judgement.ts';
import { cut, pad } from './table.ts';
import { cost, elapsed, oneLine, percent, total } from './words.ts';

export interface Screen {
  /** Width of the terminal. */
  readonly columns: number;
  /** Unit lines at most. */
  readonly rows: number;
  /** How long this process has worked, ms. */
  readonly elapsedMs: number;
  readonly color: boolean;
  /** How long the agents of a provider wait yet, ms. */
  readonly waits?: ReadonlyMap<string, number>;
}

type Colors = ReturnType<typeof createColors>;

/** The order units are shown in: what needs a person, what is at work, what comes next, what is over. */
const order: Readonly<Record<Phase, number>> = {
  escalated: 0,
  coding: 1,
  coded: 2,
  evaluating: 3,
  doubted: 3,
  gate: 4,
  landed: 5,
  passed: 6,
  pending: 7,
  completed: 8,
  skipped: 9,
};

const marks: Readonly<
  Record<Phase, readonly [string, keyof Colors & ('dim' | 'green' | 'red' | 'yellow' | 'cyan')]>
> = {
  escalated: ['?', 'red'],
  coding: ['●', 'cyan'],
  coded: ['●', 'cyan'],
  evaluating: ['●', 'yellow'],
  doubted: ['●', 'yellow'],
  gate: ['●', 'yellow'],
  landed: ['○', 'yellow'],
  passed: ['○', 'green'],
  pending: ['·', 'dim'],
  completed: ['✓', 'green'],
  skipped: ['-', 'dim'],
};

/** One frame of the live view: units × phase × iteration × satisfaction, time and cost so far. Pure; promises no end. */
export function liveView(state: RunState, screen: Screen): readonly string[] {
  const colors = createColors(screen.color);
  const units = [...state.units].sort(
    (a, b) => rank(a) - rank(b) || (state.index[a.id] ?? 0) - (state.index[b.id] ?? 0),
  );
  const waits = [...(screen.waits ?? [])];
  const shown = units.slice(0, Math.max(0, screen.rows - waits.length));
  const idWidth = shown.reduce((widest, { id }) => Math.max(widest, stringWidth(id)), 0);
  // Half the line at most, so that a long id leaves room for what it is about.
  const idColumns = Math.min(idWidth, Math.max(4, Math.floor(screen.columns / 2) - 14));
  const more = units.length - shown.length;
  return [
    colors.bold(`${state.plan.spec} · ${oneLine(state.plan.title)}`),
    colors.dim(totals(state, screen.elapsedMs)),
    ...waits.map(([provider, ms]) =>
      colors.yellow(`${oneLine(provider)}: its agents wait, ${elapsed(ms)} to go`),
    ),
    ...shown.map((record) => unitLine(state, record, { idColumns, colors })),
    ...(more > 0 ? [colors.dim(`  +${String(more)} more`)] : []),
  ].map((line) => cut(line, screen.columns));
}

/** Units that went round already come before those that wait for their first try. */
const rank = ({ state: { phase }, attempts }: UnitRecord): number =>
  order[phase] - (phase === 'pending' && attempts > 0 ? 0.5 : 0);

function totals(state: RunState, elapsedMs: number): string {
  const completed = state.units.filter((record) => record.state.phase === 'completed').length;
  const { group } = state;
  return [
    elapsed(elapsedMs),
    `${String(completed)} of ${String(state.units.length)} completed`,
    `cost ${cost(total(state.units.map(({ spend }) => spend)))}`,
    ...(group === null
      ? []
      : [`group ${String(group.number)} of ${String(state.plan.groups.length)}`]),
    ...(group?.service.kind === 'up' ? [`service ${group.service.url}`] : []),
  ].join(' · ');
}

function unitLine(
  state: RunState,
  record: UnitRecord,
  { idColumns, colors }: { readonly idColumns: number; readonly colors: Colors },
): string {
  const { phase } = record.state;
  const [mark, color] = marks[phase];
  const satisfaction = satisfactionOf(record);
  const iteration =
    record.attempts > 0 && 'iteration' in record.state
      ? `${String(record.state.iteration)}/${String(state.plan.maxIterations)}`
      : '';
  return [
    `${colors[color](mark)} ${pad(cut(record.id, idColumns), idColumns)}`,
    colors[color](pad(phase, 10)),
    pad(iteration, 5),
    pad(satisfaction === null ? '' : percent(satisfaction), 4),
    titleOf(state, record.id),
  ].join('  ');
}
