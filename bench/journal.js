import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const RUN = '20260101T000000-0000';
const HASH = '0'.repeat(64);
const AGENT = {
  agent: 'scripted',
  outcome: 'ok',
  usage: { costUsd: 0.1, inputTokens: 1000, outputTokens: 100 },
  ms: 60_000,
  transcript: 'transcripts/part/code-1.ndjson',
};

/**
 * Writes a journal of about `length` events: one group of units that are coded, landed and evaluated again and again and never
 * pass. What happens in a unit is what happens in a real run, field by field.
 */
export function writeJournal(file, { spec, units, length }) {
  const lines = [];
  const put = (fact) =>
    lines.push(
      `${JSON.stringify({ seq: lines.length + 1, at: '2026-01-01T00:00:00.000Z', run: RUN, ...fact })}\n`,
    );
  put(started(spec, units));
  put({ type: 'manifest.editing', tick: [], status: 'in_progress', before: HASH, after: HASH });
  put({ type: 'manifest.edited', tick: [], status: 'in_progress', commit: commit(0) });
  put({ type: 'group.started', group: 1 });
  for (const unit of units) compile(put, unit);
  for (let iteration = 1; lines.length < length; iteration += 1) {
    for (const unit of units) build(put, { unit, iteration });
    for (const unit of units) evaluate(put, { unit, iteration });
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lines.slice(0, length).join(''));
}

const commit = (number) => number.toString(16).padStart(40, '0');

const started = (spec, units) => ({
  type: 'run.started',
  plan: {
    spec,
    title: 'A generated spec',
    threshold: 1,
    maxIterations: 1000,
    requireP0: true,
    slots: 4,
    infra: { retries: 3, backoffMs: 1000 },
    evaluation: 'checks',
    service: 'none',
    status: 'pending',
    groups: [{ number: 1, mode: 'parallel', units }],
    units: units.map((id) => ({
      id,
      title: id,
      after: [],
      done: false,
      scenarios: [{ name: 'it-answers', priority: 'P0', sealed: false }],
    })),
  },
  branch: `factory/${spec}`,
  base: commit(0),
  inputs: {},
});

function compile(put, unit) {
  const check = {
    scenario: 'it-answers',
    file: `checks/${unit}/it-answers.mjs`,
    sha256: HASH,
    origin: 'author',
    needsService: false,
    // Else two failures running would ask for a second opinion.
    revised: 'edited by a person',
  };
  put({ type: 'checks.started', unit });
  put({ type: 'checks.finished', unit, checks: [check], broken: [], agent: AGENT });
}

function build(put, { unit, iteration }) {
  const run = { unit, iteration, attempt: iteration };
  put({ type: 'code.started', ...run, base: commit(iteration) });
  put({ type: 'code.finished', ...run, commit: commit(iteration), files: 3, agent: AGENT });
  put({ type: 'land.started', unit });
  put({ type: 'land.finished', unit, commit: commit(iteration), files: 3, serverSide: true });
}

const attempts = ['group', 'side'].flatMap((on) =>
  Array.from({ length: 3 }, () => ({ outcome: 'failed', on, ms: 12.5 })),
);

function evaluate(put, { unit, iteration }) {
  const at = { unit, iteration, commit: commit(iteration) };
  const scenarios = [
    {
      name: 'it-answers',
      outcome: 'failed',
      attempts,
      evidence: `evidence/${unit}/${iteration}/it-answers.json`,
    },
  ];
  put({ type: 'evaluation.started', ...at });
  put({
    type: 'evaluation.finished',
    ...at,
    scenarios,
    symptoms: ['answer: returned 1'],
    agent: null,
  });
}
