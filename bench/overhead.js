/** What the runtime itself is at in a run: events that begin and end it, and name the same unit. */
const OURS = {
  landing: ['land.started', 'land.finished'],
  'manifest edits': ['manifest.editing', 'manifest.edited'],
};
const THEIRS = [
  ['checks.started', 'checks.finished'],
  ['evaluation.started', 'evaluation.finished'],
  ['service.started', 'service.ready'],
  // In a project without a verify command and a constitution it runs the checks of earlier units again, and nothing else.
  ['gate.started', 'gate.finished'],
];
const CODING = ['code.started', 'code.finished'];
const AUDIT = ['audit.started', 'audit.finished'];

/**
 * Milliseconds of a run that neither agents, checks nor the service account for, so what this runtime added: its own start, workspaces,
 * harvests, landings, manifest edits, the journal, and every pause in between.
 *
 * Of the whole time, what an agent took by its own report and the time in which checks were compiled or run, by evaluations or by the
 * gate, or the service was made ready, are taken away. Where a landing goes on beside an agent or a check, its time is added again: nothing hides behind somebody else's
 * work.
 * @returns {{ total: number, phases: Record<string, number> }} ms; `phases` add up to the total where only one agent codes at a time
 */
export function overheadOf(events, wallMs) {
  const theirs = THEIRS.flatMap((ends) => spans(events, ends));
  const coding = spans(events, CODING);
  const beside = [...theirs, ...coding];
  const agentMs = sum(
    events.filter(({ type }) => type === 'code.finished').map(({ agent }) => agent.ms),
  );
  const ours = Object.values(OURS).flatMap((ends) => spans(events, ends));
  const hidden = sum(ours.map((span) => covered(beside.map((other) => shared(span, other)))));
  const total = wallMs - agentMs - covered(theirs) + hidden;
  const phases = {
    'start and end': wallMs - (timeOf(events.at(-1)) - timeOf(events[0])),
    'coding beyond agents': sum(coding.map(length)) - agentMs,
    audits: sum(spans(events, AUDIT).map(length)),
    ...Object.fromEntries(
      Object.entries(OURS).map(([name, ends]) => [name, sum(spans(events, ends).map(length))]),
    ),
  };
  return { total, phases: { ...phases, between: total - sum(Object.values(phases)) } };
}

/** Code runs that ended: what is paid for. */
export const unitIterations = (events) =>
  events.filter(({ type }) => type === 'code.finished').length;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

const timeOf = ({ at }) => Date.parse(at);

const length = ({ from, to }) => to - from;

function spans(events, [begin, end]) {
  const open = new Map();
  const found = [];
  for (const event of events) {
    if (event.type === begin) open.set(event.unit, timeOf(event));
    if (event.type === end) found.push({ from: open.get(event.unit), to: timeOf(event) });
  }
  return found;
}

const shared = (a, b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) });

/** Milliseconds that at least one of the spans covers. */
function covered(all) {
  let total = 0;
  let end = -Infinity;
  for (const { from, to } of all
    .filter((span) => span.to > span.from)
    .sort((a, b) => a.from - b.from)) {
    total += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return total;
}
