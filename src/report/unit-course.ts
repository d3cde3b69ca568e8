import type { AgentReport, EventOf, RunEvent, RunState, UnitId } from '../domain/index.ts';
import { evolve, recordOf, tally } from '../domain/index.ts';
import { askedOf } from './asked-of.ts';
import { decided } from './decided.ts';
import { count, listed, oneLine, percent, short, tallied } from './words.ts';

/** Something that happened to a unit, for a person. */
export interface Happening {
  readonly at: string;
  /** Iteration within the count it belongs to; 0 before the first. */
  readonly iteration: number;
  /** One line; paths in it are relative to the run folder. */
  readonly what: string;
  /** More of it, one line each. */
  readonly details: readonly string[];
}

type Said = Pick<Happening, 'what' | 'details'>;

/** What happened to a unit, oldest first, with reason, symptoms and the path of the transcript or log. */
export function courseOf(unit: UnitId, events: readonly RunEvent[]): readonly Happening[] {
  const course: Happening[] = [];
  let state: RunState | null = null;
  let iteration = 0;
  for (const event of events) {
    if (event.type === 'code.started' && event.unit === unit) iteration = event.iteration;
    const said = state === null ? null : happened(unit, event, state);
    if (said !== null) course.push({ at: event.at, iteration, ...said });
    state = evolve(state, event);
  }
  return course;
}

/** The same as text, under a line for each iteration. */
export function courseLines(course: readonly Happening[]): readonly string[] {
  let shown: number | null = null;
  return course.flatMap(({ iteration, what, details }) => {
    const head = iteration === shown ? [] : [titleOf(iteration)];
    shown = iteration;
    return [...head, `  ${oneLine(what)}`, ...details.map((line) => `    ${oneLine(line)}`)];
  });
}

const titleOf = (iteration: number): string =>
  iteration === 0 ? 'before the first iteration' : `iteration ${String(iteration)}`;

const said = (what: string, details: readonly (string | null)[] = []): Said => ({
  what,
  details: details.filter((line) => line !== null),
});

const symptomsOf = (symptoms: readonly string[]): readonly string[] =>
  symptoms.map((symptom) => `symptom: ${symptom}`);

const transcriptOf = (agent: AgentReport | null | undefined): string | null =>
  agent ? `transcript: ${agent.transcript}` : null;

const logOf = (log: string | null): string | null => (log === null ? null : `log: ${log}`);

/** Null: it is not about the unit, or says nothing. */
function happened(unit: UnitId, event: RunEvent, state: RunState): Said | null {
  switch (event.type) {
    case 'service.failed':
      return waitsForService(unit, state)
        ? said(`not served: ${event.detail}`, [`symptom: ${event.symptom}`, logOf(event.log)])
        : null;
    case 'service.unclear':
      return waitsForService(unit, state)
        ? said(`not served: ${event.question.detail}`, [logOf(event.log)])
        : null;
    case 'gate.finished':
      return gated(unit, event);
    case 'question.asked':
      return event.question.subject === unit ? said(`asked: ${event.question.detail}`) : null;
    case 'decision.made':
      return event.subject === unit ? said(`decided: ${decided(event)}`) : null;
    case 'infra.failed':
      return event.unit === unit || (event.unit === undefined && isServed(unit, event, state))
        ? said(
            `${event.operation} failed outside the product, at no iteration: ${event.detail}`,
            // An agent's failure mostly names it already.
            [event.detail.includes('transcript: ') ? null : transcriptOf(event.agent)],
          )
        : null;
    case 'run.tripped':
      return event.unit === unit
        ? said(`the barrier tripped: ${event.what}`, [event.where, transcriptOf(event.agent)])
        : null;
    default:
      return 'unit' in event && event.unit === unit ? worked(event) : null;
  }
}

const waitsForService = (unit: UnitId, state: RunState): boolean =>
  recordOf(state, unit).state.phase === 'landed';

const isServed = (unit: UnitId, event: EventOf<'infra.failed'>, state: RunState): boolean =>
  event.operation === 'service' && waitsForService(unit, state);

function worked(event: RunEvent): Said | null {
  switch (event.type) {
    case 'code.finished': {
      const limit = event.agent.outcome === 'limit' ? ', and reached its limit' : '';
      const did = event.files === 0 ? 'changed nothing' : `changed ${count(event.files, 'file')}`;
      return said(`the agent ${did}${limit}`, [transcriptOf(event.agent)]);
    }
    case 'land.finished':
      return said(`landed as ${short(event.commit)}`);
    case 'land.conflicted':
      return said(`conflicts with landed work in ${listed(event.paths)}, at no iteration`);
    case 'land.refused':
      return said('its work was refused', symptomsOf(event.symptoms));
    case 'checks.finished':
      return compiled(event);
    case 'evaluation.finished': {
      const counts = tally(event.scenarios);
      return said(`measured: ${percent(counts.satisfaction)} (${tallied(counts)})`, [
        ...symptomsOf(event.symptoms),
        transcriptOf(event.agent),
      ]);
    }
    default:
      return null;
  }
}

function compiled({ checks, broken, agent }: EventOf<'checks.finished'>): Said {
  const none = broken.length === 0 ? '' : `, none for ${count(broken.length, 'scenario')}`;
  return said(`${count(checks.length, 'check')} frozen${none}`, [
    ...broken.map(({ scenario, reason }) => `no check for ${scenario}: ${reason}`),
    agent?.calls === undefined ? transcriptOf(agent) : askedOf(agent),
  ]);
}

function gated(unit: UnitId, event: EventOf<'gate.finished'>): Said | null {
  const blamed = event.blamed.filter((each) => each.unit === unit);
  if (blamed.length > 0)
    return said('sent back by the gate', symptomsOf(blamed.map(({ symptom }) => symptom)));
  const held = event.escalated.find((each) => each.unit === unit);
  return held === undefined ? null : said(`held by the gate: ${held.detail}`);
}
