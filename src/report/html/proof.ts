import { h } from 'hastscript';
import type { Digest } from '../digest/digest.ts';
import { roleRows } from '../digest/words.ts';
import { count, oneLine, short } from '../words.ts';
import { badge, code, section, table, timeCell, type Part } from './parts.ts';

/** Who consumed what. */
export function money({ spending }: Digest): readonly Part[] {
  if (spending.length === 0) return [];
  const [head = [], ...rows] = roleRows(spending);
  return [
    section('cost', 'Cost and tokens', [
      table({
        caption: 'What agents consumed, by role',
        head,
        rows,
        numbers: [2, 3, 4, 5, 6],
        stacks: true,
      }),
      h(
        'p',
        { className: ['fine'] },
        'Time is wall-clock, summed over agents that worked side by side.',
      ),
    ]),
  ];
}

const STEPS = { passed: 'good', failed: 'bad', skipped: 'open' } as const;
const SIGNS = { passed: '✓', failed: '✗', skipped: '–' } as const;

/** The ordered gate as it was seen last, and what people decided. */
export function decided({ gate, decisions }: Digest): readonly Part[] {
  return [
    ...(gate.length === 0
      ? []
      : [
          section('gate', 'Gate', [
            table({
              caption: 'Steps of the last gate',
              stacks: true,
              head: ['step', 'outcome', 'tests', 'detail'],
              rows: gate.map(({ name, outcome, detail, tests }) => [
                name,
                badge(STEPS[outcome], `${SIGNS[outcome]} ${outcome}`),
                tests === undefined
                  ? 'not measured'
                  : `${String(tests.passed)} passed, ${String(tests.failed)} failed`,
                detail === '' ? '–' : detail,
              ]),
            }),
          ]),
        ]),
    ...(decisions.length === 0
      ? []
      : [
          section('decisions', 'Decisions', [
            table({
              caption: 'What was decided, by whom',
              head: ['about', 'decision', 'by', 'when'],
              rows: decisions.map(({ subject, decision, by, at }) => [
                subject,
                decision,
                by,
                timeCell(at),
              ]),
            }),
          ]),
        ]),
  ];
}

/** What reached the run branch. */
export function commits({ landed, branch }: Digest): readonly Part[] {
  if (landed.length === 0) return [];
  return [
    section('commits', 'Landed commits', [
      ...(branch === null ? [] : [h('p', ['On ', code(branch), ', oldest first.'])]),
      table({
        caption: 'Commits that the run put on its branch',
        stacks: true,
        head: ['commit', 'what', 'units', 'files', 'when'],
        numbers: [3],
        rows: landed.map(({ commit, kind, units, files, at, undone }) => [
          [h('code', { title: commit }, short(commit))],
          h('span', { className: ['keep'] }, kind + (undone ? ', backed out later' : '')),
          units.length === 0 ? 'status only' : units.join(', '),
          files === null ? '–' : String(files),
          timeCell(at),
        ]),
      }),
    ]),
  ];
}

/** What the run can show of its barrier. */
export function receipt({ receipt: found }: Digest): readonly Part[] {
  if (found === null) return [];
  const { barrier, audits, inputs, changed, feedback, findings, objections } = found;
  const lines = feedback.reduce((sum, each) => sum + each.lines, 0);
  const bits = feedback.reduce((sum, each) => sum + each.bits, 0);
  return [
    section('receipt', 'Receipt of the barrier', [
      h('p', [
        objections.length === 0
          ? badge('good', '✓ nothing speaks against the run')
          : badge('bad', `✗ ${count(objections.length, 'objection')}`),
      ]),
      h('ul', [
        h('li', `weakest wall of any process: ${oneLine(barrier.tier)}`),
        h('li', `${count(audits, 'base commit')} audited before agents worked on them`),
        h('li', `${count(inputs, 'input')} hashed, ${String(changed.length)} changed since`),
        h('li', `${count(lines, 'line')} of feedback, at most ${count(bits, 'bit')} in all`),
        ...findings.map(({ unit, where, holdout }) =>
          h('li', `finding: ${oneLine(where)} by ${unit} has wording of ${oneLine(holdout)}`),
        ),
        ...objections.map(({ what, where }) => h('li', `${oneLine(what)} (${oneLine(where)})`)),
      ]),
      h('p', { className: ['fine'] }, ['In full in ', code('receipt.json'), ' of the run folder.']),
    ]),
  ];
}
