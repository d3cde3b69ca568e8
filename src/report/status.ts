import type { RunState, UnitRecord } from '../domain/index.ts';
import { tally } from '../domain/index.ts';
import { activity, type Found } from './activity.ts';
import { askedQuestions, waysOn } from './answered.ts';
import { barrierLine, waysOut } from './barrier.ts';
import type { Chronicle } from './chronicle.ts';
import {
  failsMust,
  isUnrecorded,
  iterationOf,
  sealedOf,
  satisfactionOf,
  titleOf,
} from './judgement.ts';
import type { RunView } from './run-view.ts';
import { aligned, cut } from './table.ts';
import { cost, count, elapsed, oneLine, percent, total } from './words.ts';

/** What a person sees; `working` says whether a process is at it right now, `columns` how wide the terminal is. */
export interface StatusOptions {
  readonly working: { readonly pid: number; readonly host: string } | null;
  readonly columns: number;
  /** The run branch, where there is one and no journal. */
  readonly found?: Found | null;
}

export function statusText(
  view: RunView,
  { working, columns, found = null }: StatusOptions,
): string {
  const { state, chronicle } = view;
  const { plan } = state;
  const head = [
    `${plan.spec}: ${oneLine(plan.title)}`,
    [
      state.manifest.status,
      `${percent(plan.threshold)} needed`,
      `at most ${count(plan.maxIterations, 'iteration')}`,
      ...(state.branch === '' ? [] : [`branch ${state.branch}`]),
      ...(state.group === null
        ? []
        : [`group ${String(state.group.number)} of ${String(plan.groups.length)}`]),
    ].join(' · '),
    activity(view, working, found),
    ...(working === null ? [] : waitLines(state)),
    ...(chronicle.barrier === null ? [] : [barrierLine(chronicle.barrier)]),
  ];
  const spent = total([...state.units.map(({ spend }) => spend), state.gateSpend]);
  const rows = state.units.map((record) => row(view, record));
  const table = aligned([
    ['unit', 'status', 'iteration', 'satisfaction', 'scenarios', 'cost', 'title'],
    ...rows,
  ]);
  const time = chronicle.began === null ? [] : [span(chronicle)];
  return `${[
    ...head,
    '',
    ...table.map((line) => cut(line, columns)),
    '',
    [`cost ${isUnrecorded(view) ? 'unknown' : cost(spent)}`, ...time].join(' · '),
    ...symptomLines(state.units),
    ...questionLines(view),
    ...(state.halt?.kind === 'tripped' ? ['', ...waysOut(state)] : []),
  ].join('\n')}\n`;
}

function row({ state, chronicle }: RunView, record: UnitRecord): readonly string[] {
  const satisfaction = satisfactionOf(record);
  const iteration = iterationOf(record, chronicle);
  const { passed, failed, inconclusive } = tally(record.scenarios);
  const measured = [
    `${String(passed)} passed`,
    ...(failed > 0 ? [`${String(failed)} failed`] : []),
    ...(inconclusive > 0 ? [`${String(inconclusive)} inconclusive`] : []),
  ].join(', ');
  return [
    record.id,
    record.state.phase,
    iteration === 0 ? '–' : `${String(iteration)} of ${String(state.plan.maxIterations)}`,
    satisfaction === null ? '–' : satisfactionText(satisfaction, record, state),
    satisfaction === null ? '–' : measured,
    record.attempts === 0 && record.spend.unknownRuns === 0 ? '–' : cost(record.spend),
    titleOf(state, record.id),
  ];
}

/** `50%, P0 failed`, `100% (sealed 50%)`. */
function satisfactionText(satisfaction: number, record: UnitRecord, state: RunState): string {
  const sealed = sealedOf(record, state);
  const beside = sealed === null ? '' : ` (sealed ${percent(sealed)})`;
  return `${percent(satisfaction)}${beside}${failsMust(record, state) ? ', P0 failed' : ''}`;
}

const span = ({ began, latest }: Chronicle): string =>
  `${elapsed(Date.parse(latest ?? '') - Date.parse(began ?? ''))} between first and last event`;

const symptomLines = (units: readonly UnitRecord[]): readonly string[] =>
  units.flatMap((record) =>
    record.symptoms.length === 0 || record.state.phase === 'completed'
      ? []
      : ['', `${record.id}:`, ...record.symptoms.map((symptom) => `  - ${oneLine(symptom)}`)],
  );

const waitLines = ({ limits }: RunState): readonly string[] =>
  Object.entries(limits).flatMap(([provider, { wait }]) =>
    wait === undefined ? [] : [`${oneLine(provider)}: its agents wait until ${wait}`],
  );

const questionLines = (view: RunView): readonly string[] =>
  askedQuestions(view).flatMap((asked) => [
    '',
    `? ${asked.question.subject}: ${oneLine(asked.question.detail)}`,
    ...waysOn(asked, view.state),
  ]);
