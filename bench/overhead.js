/** What the runtime itself is at in a run: events that begin and end it, and name the same unit. */
const OURS = {
  'land.started': 'land.finished',
  'manifest.editing': 'manifest.edited',
};
const THEIRS = {
  'checks.started': 'checks.finished',
  'evaluation.started': 'evaluation.finished',
  // In a project without a verify command and a constitution it runs the checks of earlier units again, and nothing else.
  'gate.started': 'gate.finished',
};
const AGENTS = { 'code.started': 'code.finished' };

/**
 * Milliseconds of a run that neither agents nor checks account for, so what this runtime added: its own start, workspaces,
 * harvests, landings, manifest edits, the journal, and every pause in between.
 *
 * Of the whole time, what an agent took by its own report and the time in which checks were compiled or run, by evaluations or by the gate, are taken away. Where
 * a landing goes on beside an agent or a check, its time is added again: nothing hides behind somebody else's work.
 */
export function overheadOf(events, wallMs) {
  const theirs = spans(events, THEIRS);
  const beside = [...theirs, ...spans(events, AGENTS)];
  const agentMs = sum(
    events.filter(({ type }) => type === 'code.finished').map(({ agent }) => agent.ms),
  );
  const hidden = sum(
    spans(events, OURS).map((span) => covered(beside.map((other) => shared(span, other)))),
  );
  return wallMs - agentMs - covered(theirs) + hidden;
}

/** Code runs that ended: what is paid for. */
export const unitIterations = (events) =>
  events.filter(({ type }) => type === 'code.finished').length;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

function spans(events, ends) {
  const open = new Map();
  const found = [];
  for (const { type, at, unit } of events) {
    const time = Date.parse(at);
    const begun = Object.keys(ends).find((begin) => ends[begin] === type);
    if (begun !== undefined) found.push({ from: open.get(`${begun} ${unit}`), to: time });
    if (type in ends) open.set(`${type} ${unit}`, time);
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
