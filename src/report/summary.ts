import { join } from 'node:path';
import type { GateStep, RunState, UnitRecord } from '../domain/index.ts';
import { paceOf, unitsOf } from '../domain/index.ts';
import { barrierLine, waysOut } from './barrier.ts';
import type { Chronicle } from './chronicle.ts';
import { askedQuestions, waysOn } from './answered.ts';
import { runCommand } from './judgement.ts';
import { finishLines, type WorkPlace } from './next-step.ts';
import type { RunView } from './run-view.ts';
import { unitTable } from './unit-table.ts';
import { violationList } from './violations.ts';
import { cost, count, elapsed, oneLine, percent, total } from './words.ts';

/** What only the caller knows, each shown when given. */
export interface SummaryExtras extends WorkPlace {
  /** Folder of the run: journal, transcripts, evidence. */
  readonly runDir?: string;
  /** What it takes up on disk, and what frees that: one line. */
  readonly disk?: string;
  /** How long this process worked, ms. */
  readonly elapsedMs?: number;
  /** Width of the terminal, if it is one. */
  readonly columns?: number;
}

/** Markdown for a group that is finished, or for how far it is. Every part of `output-format.md`. */
export function groupSummary(
  view: RunView,
  number: number,
  { columns }: SummaryExtras = {},
): string {
  const { state, chronicle } = view;
  const units = unitsOf(state, number);
  const mode = state.plan.groups.find((group) => group.number === number)?.mode ?? 'parallel';
  const completed = units.filter((record) => record.state.phase === 'completed').length;
  return section([
    `## Group ${String(number)} (${mode}): ${String(completed)} of ${count(units.length, 'unit')} completed`,
    '',
    ...unitTable(view, units, columns),
    '',
    gateLine(chronicle.gates[number]),
    ...stampOf(view.chronicle),
    `Cost: ${cost(total(units.map(({ spend }) => spend)))}`,
    ...symptomList(units),
  ]);
}

/** Markdown for the end of a run, completed or failed. */
export function completionSummary(view: RunView, extras: SummaryExtras = {}): string {
  const { state } = view;
  const open = state.units.filter((record) => record.state.phase !== 'completed');
  const completed = state.outcome === 'completed';
  const headline = completed
    ? `# ${state.plan.spec}: completed`
    : open.length === 0
      ? `# ${state.plan.spec}: failed by the gate at its end`
      : `# ${state.plan.spec}: failed, ${count(open.length, 'unit')} not completed`;
  return section([
    headline,
    '',
    ...whole(view, extras),
    '',
    'Next step:',
    ...(completed ? [] : [`- ${runCommand(state)} (${anew(open.length)})`]),
    ...finishLines(state, extras),
  ]);
}

const anew = (open: number): string =>
  open === 0 ? 'goes through the gate at the end again' : 'takes up the open units anew';

/** Markdown for a run that waits for a person, or was stopped short. */
export function pausedSummary(view: RunView, extras: SummaryExtras = {}): string {
  const { state } = view;
  const questions = askedQuestions(view);
  const waiting = questions.filter(({ answer }) => answer === null).length;
  const headline =
    questions.length === 0
      ? `# ${state.plan.spec}: stopped, resumable`
      : waiting === 0
        ? `# ${state.plan.spec}: answered, and not taken up yet`
        : `# ${state.plan.spec}: waiting for ${count(waiting, 'decision')}`;
  return section([
    headline,
    '',
    ...(state.halt?.kind === 'infra' ? [`Reason: ${oneLine(state.halt.detail)}`, ''] : []),
    ...whole(view, extras),
    ...questions.flatMap((asked) => [
      '',
      `? ${asked.question.subject}: ${oneLine(asked.question.detail)}`,
      '',
      ...waysOn(asked, state),
    ]),
    '',
    'Next step:',
    ...(waiting === 0 ? [] : ['- answer with one of the commands above, then']),
    `- ${runCommand(state)} (goes on where it stopped${view.chronicle.ending === 'budget' ? ', with a larger budget' : ''})`,
  ]);
}

/** Markdown for a run that the barrier has made invalid. */
export function trippedSummary(view: RunView, extras: SummaryExtras = {}): string {
  const { state } = view;
  return section([
    `# ${state.plan.spec}: invalid, the barrier tripped`,
    '',
    ...reasonOf(state.halt),
    ...whole(view, extras),
    '',
    'Next step:',
    ...waysOut(state).map((way) => `- ${way}`),
  ]);
}

const reasonOf = (halt: RunState['halt']): readonly string[] =>
  halt?.kind === 'tripped'
    ? [
        `Reason: ${oneLine(halt.what)} (${oneLine(halt.where)})${halt.unit === null ? '' : `, unit ${halt.unit}`}`,
        '',
      ]
    : [];

function whole(view: RunView, extras: SummaryExtras): readonly string[] {
  const { state, chronicle } = view;
  const completed = state.units.filter((record) => record.state.phase === 'completed').length;
  return [
    `${oneLine(state.plan.title)}: ${String(completed)} of ${count(state.units.length, 'unit')} completed`,
    '',
    ...unitTable(view, state.units, extras.columns),
    '',
    gateLine(chronicle.gate ?? undefined),
    ...stampOf(chronicle),
    `Cost: ${cost(total([...state.units.map(({ spend }) => spend), state.gateSpend]))}`,
    ...(extras.elapsedMs === undefined ? [] : [`Elapsed: ${elapsed(extras.elapsedMs)}`]),
    ...paceLine(view),
    ...(state.branch === '' ? [] : [`Branch: ${state.branch}`]),
    ...(extras.runDir === undefined ? [] : [`Run folder: ${extras.runDir}`]),
    ...(extras.disk === undefined ? [] : [`Disk: ${extras.disk}`]),
    ...serviceLines(chronicle, extras),
    ...symptomList(state.units),
    ...violationList(state),
  ];
}

/** Whether another order of the same work could have been faster. */
function paceLine({ state, chronicle }: RunView): readonly string[] {
  const { coded, worked: work } = chronicle;
  if (work === 0) return [];
  const { before, since, at } = state.purse.clock;
  const { wall, critical, bound, utilisation } = paceOf(state.plan, {
    wall: before + Math.max(0, Date.parse(at) - Date.parse(since)),
    coded,
    work,
  });
  return [
    `Pace: wall ${elapsed(wall)}, critical path ${elapsed(critical)}, lower bound ${elapsed(bound)}, ${count(state.plan.slots, 'slot')} used to ${percent(utilisation)}`,
  ];
}

/** On every report, how far it can be trusted. */
const stampOf = ({ barrier }: Chronicle): readonly string[] =>
  barrier === null ? [] : [`B${barrierLine(barrier).slice(1)}`];

/** Only while it could not be served: its last words, which no code agent hears, and where the rest of them is. */
const serviceLines = ({ unserved }: Chronicle, { runDir = '' }: SummaryExtras) =>
  unserved === null
    ? []
    : [
        `Service: ${oneLine(unserved.detail)}`,
        ...(unserved.log === null ? [] : [`Service log: ${join(runDir, unserved.log)}`]),
      ];

/**
 * `Gate: verify passed (tests: 42 passed, 0 failed), regression passed`; tests as `verify:` measured them. A step that passed by what was
 * seen before says so.
 */
export function gateLine(steps: readonly GateStep[] | undefined): string {
  if (steps === undefined || steps.length === 0) return 'Gate: not run; tests: not measured';
  const told = steps.map(({ name, outcome, tests, detail, reused = false }) => {
    const counted =
      tests === undefined
        ? ''
        : ` (tests: ${String(tests.passed)} passed, ${String(tests.failed)} failed)`;
    const why = outcome === 'passed' ? (reused ? ` (${oneLine(detail)})` : '') : reasonFor(detail);
    return `${name} ${outcome}${counted}${why}`;
  });
  const unmeasured = steps.every(({ tests }) => tests === undefined) ? '; tests: not measured' : '';
  return `Gate: ${told.join(', ')}${unmeasured}`;
}

const reasonFor = (detail: string): string => (detail === '' ? '' : `: ${oneLine(detail)}`);

function symptomList(units: readonly UnitRecord[]): readonly string[] {
  const told = units.flatMap((record) =>
    record.state.phase === 'completed'
      ? []
      : record.symptoms.map((symptom) => `- ${record.id}: ${oneLine(symptom)}`),
  );
  return told.length === 0 ? [] : ['', 'Symptoms:', ...told];
}

const section = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
