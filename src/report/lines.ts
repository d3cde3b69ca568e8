import { limitLines } from './limit-lines.ts';
import type { EventOf, RunState, UnitRecord } from '../domain/index.ts';
import { recordOf, tally, unreachable } from '../domain/index.ts';
import { auditLines, barrierLine, overlapLines, tripLines } from './barrier.ts';
import { askedOf } from './asked-of.ts';
import { decided } from './decided.ts';
import { discovery } from './discovery.ts';
import { gateLines, sealedLines } from './gate-lines.ts';
import { flakyLines } from './flakiness.ts';
import { answersTo, scenarioOf, runCommand } from './judgement.ts';
import { opinionLines } from './opinion.ts';
import type { Moment } from './reporter.ts';
import type { SummaryExtras } from './summary.ts';
import { completionSummary, groupSummary, pausedSummary, trippedSummary } from './summary.ts';
import { count, indented, listed, oneLine, percent, short, tallied } from './words.ts';

/**
 * What an event says to a person: one line, a few indented ones below it where there is more, or nothing. Scenario names are for people
 * and may be here; nothing of this ever reaches a code agent.
 */
export function linesFor(moment: Moment, extras: SummaryExtras = {}): readonly string[] {
  const { event, state } = moment;
  switch (event.type) {
    case 'run.started':
      return discovery(state);
    case 'run.resumed':
      return [`resumed: ${progress(state)}`];
    case 'barrier.opened':
      return [barrierLine(event)];
    case 'run.paused':
      return ['', ...block(pausedSummary(moment, extras))];
    case 'run.tripped':
      return tripLines(event);
    case 'audit.started':
      return [];
    case 'audit.finished':
      return auditLines(event);
    case 'run.stopped':
      if (event.reason === 'tripped') return ['', ...block(trippedSummary(moment, extras))];
      if (event.reason === 'budget')
        return [
          `stopped (budget used up): ${oneLine(event.detail)}`,
          ...block(pausedSummary(moment, extras)),
        ];
      return [
        `stopped (${event.reason === 'signal' ? 'by a signal' : 'infrastructure'}): ${oneLine(event.detail)}`,
        ...(event.reason === 'signal'
          ? [`    go on with: ${runCommand(state)}`]
          : ['', ...block(pausedSummary(moment, extras))]),
      ];
    case 'run.finished':
      return ['', ...block(completionSummary(moment, extras))];
    case 'group.started':
      return [groupStart(state, event.group)];
    case 'group.finished':
      return ['', ...block(groupSummary(moment, event.group, extras)), ''];
    case 'service.started':
    case 'service.ready':
    case 'service.failed':
    case 'service.unclear':
      return serviceLines(moment, event);
    case 'opinion.started':
    case 'opinion.finished':
      return opinionLines(event, fate(state, event.unit));
    case 'gate.started':
      return [];
    case 'gate.finished':
      return gateLines(event);
    case 'sealed.started':
      return [];
    case 'sealed.finished':
      return sealedLines(state, event);
    case 'manifest.editing':
      return [];
    case 'manifest.edited':
      return event.tick.map((id) => `${id}: completed, its box is ticked`);
    case 'question.asked':
      return [
        `? ${event.question.subject}: ${oneLine(event.question.detail)}`,
        ...answersTo(event.question, state).map((answer) => `    ${answer}`),
      ];
    case 'decision.made':
      return [`decision for ${event.subject}: ${decided(event)}`];
    case 'limit.waiting':
    case 'limit.lifted':
      return limitLines(event);
    case 'infra.failed':
      return [infra(state, event)];
    case 'run.noted':
      return [`note: ${oneLine(event.message)}`];
    default:
      return unitLines(state, event);
  }
}

type UnitFact = Extract<
  Moment['event'],
  { type: `code.${string}` | `land.${string}` | `checks.${string}` | `evaluation.${string}` }
>;

function unitLines(state: RunState, event: UnitFact): readonly string[] {
  const { unit } = event;
  switch (event.type) {
    case 'code.started':
      return [
        `${unit}: coding, iteration ${String(event.iteration)} of ${String(state.plan.maxIterations)}${event.model === undefined ? '' : `, now with ${event.model}`}`,
      ];
    case 'code.finished':
      return [
        ...(event.agent.outcome === 'limit'
          ? [`${unit}: the agent reached its limit; what it did is judged`]
          : []),
        ...overlapLines(event),
      ];
    case 'land.started':
    case 'checks.started':
    case 'evaluation.started':
      return [];
    case 'land.finished':
      return [`${unit}: landed ${count(event.files, 'file')} as ${short(event.commit)}`];
    case 'land.conflicted':
      return [
        `${unit}: conflicts with landed work in ${listed(event.paths.map(oneLine))}; ${fate(state, unit)}`,
      ];
    case 'land.refused':
      return [
        `${unit}: its work was refused; ${fate(state, unit)}`,
        ...event.symptoms.map(indented),
      ];
    case 'checks.finished':
      return [
        `${unit}: ${count(event.checks.length, 'check')} frozen`,
        ...event.broken.map(({ scenario, reason }) =>
          indented(`no check for ${scenario}: ${reason}`),
        ),
        ...(event.broken.length === 0 || event.agent === null
          ? []
          : [indented(askedOf(event.agent))]),
      ];
    case 'evaluation.finished':
      return evaluated(state, event);
    default:
      return unreachable(event);
  }
}

function evaluated(state: RunState, event: EventOf<'evaluation.finished'>): readonly string[] {
  const counts = tally(event.scenarios);
  const measure = `satisfaction ${percent(counts.satisfaction)} of ${percent(state.plan.threshold)}`;
  return [
    `${event.unit}: ${measure} (${tallied(counts)}) → ${fate(state, event.unit)}`,
    ...event.scenarios
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ name, outcome, reason }) =>
        indented(
          `${outcome}: ${scenarioOf(state, event.unit, name)}${reason === undefined ? '' : ` (${reason})`}`,
        ),
      ),
    ...flakyLines(event.scenarios),
    ...event.symptoms.map((symptom) => indented(`symptom: ${symptom}`)),
  ];
}

function serviceLines(
  { before, state }: Moment,
  event: Extract<Moment['event'], { type: `service.${string}` }>,
): readonly string[] {
  switch (event.type) {
    case 'service.started':
      return event.action === 'check' ? [] : [`service: ${event.action}ing`];
    case 'service.ready':
      return before?.group?.service.kind === 'up'
        ? []
        : [`service: ready at ${event.url} (${oneLine(event.source)})`];
    case 'service.unclear':
      return [`service: ${oneLine(event.question.detail)}`];
    case 'service.failed':
      return [
        `service: ${oneLine(event.detail)}`,
        indented(`symptom: ${event.symptom}`),
        ...(before?.units ?? [])
          .filter((record) => record.state.phase === 'landed')
          .map(({ id }) => `${id}: cannot be served → ${fate(state, id)}`),
      ];
  }
}

/** What an outcome leads to. */
function fate(state: RunState, id: string): string {
  const record: UnitRecord = recordOf(state, id);
  const unit = record.state;
  switch (unit.phase) {
    case 'pending':
      return unit.conflict === null
        ? `retry, iteration ${String(unit.iteration)} of ${String(state.plan.maxIterations)}`
        : 'its agent resolves it, at no iteration';
    case 'escalated':
      return `escalated: ${oneLine(unit.question.detail)}`;
    case 'doubted':
      return 'in doubt, a second opinion comes first';
    default:
      return unit.phase;
  }
}

function groupStart(state: RunState, number: number): string {
  const group = state.plan.groups.find((candidate) => candidate.number === number);
  return `group ${String(number)} (${group?.mode ?? 'parallel'}): ${listed(group?.units ?? [], 8)}`;
}

const progress = ({ units }: RunState): string =>
  `${String(units.filter(({ state }) => state.phase === 'completed').length)} of ${count(units.length, 'unit')} completed`;

function infra(state: RunState, event: EventOf<'infra.failed'>): string {
  const subject = event.unit === undefined ? '' : `${event.unit}: `;
  const times =
    state.infra[event.unit === undefined ? event.operation : `${event.operation}:${event.unit}`] ??
    1;
  const then =
    event.agent?.limited !== undefined
      ? 'tried again when its provider takes work'
      : times > state.plan.infra.retries
        ? 'no retry is left'
        : `retry ${String(times)} of ${String(state.plan.infra.retries)}, at no iteration`;
  return `${subject}${event.operation} failed outside the product: ${oneLine(event.detail)} (${then})`;
}

const block = (text: string): readonly string[] => text.trimEnd().split('\n');
