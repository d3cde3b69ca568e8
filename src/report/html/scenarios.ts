import { h } from 'hastscript';
import type { Digest } from '../digest/digest.ts';
import type { ScenarioStory, UnitStory } from '../digest/units.ts';
import { glyphOf, OUTCOME_WORDS } from '../digest/words.ts';
import { count, oneLine, percent } from '../words.ts';
import { meter } from './overview.ts';
import { badge, section, table, unseen, type Part } from './parts.ts';

/** How each unit came nearer to its threshold, evaluation by evaluation. */
export function satisfaction({ units, threshold }: Digest): readonly Part[] {
  const measured = units.filter(({ evaluations }) => evaluations.length > 0);
  if (measured.length === 0) return [];
  return [
    section('satisfaction', 'Satisfaction per iteration', [
      h('p', `The mark stands at the threshold, ${percent(threshold)}.`),
      h(
        'div',
        { className: ['cards'] },
        measured.map(({ id, evaluations }) =>
          h('div', { className: ['card'] }, [
            h('h3', id),
            h(
              'ol',
              { className: ['plain'] },
              evaluations.map(({ iteration, satisfaction: share, passed, total }) =>
                h('li', [
                  h('span', { className: ['iteration'] }, `iteration ${String(iteration)}`),
                  meter(share, threshold),
                  h('span', `${percent(share)}, ${String(passed)} of ${String(total)}`),
                ]),
              ),
            ),
          ]),
        ),
      ),
    ]),
  ];
}

/** Scenarios × evaluations, with the attempts of the last one. */
export function matrix({ units }: Digest): readonly Part[] {
  const having = units.filter(({ scenarios }) => scenarios.length > 0);
  if (having.length === 0) return [];
  return [
    section('scenarios', 'Scenarios', [
      h(
        'p',
        '✓ passed, ✗ failed, ? says nothing about the product, – not measured. Attempts after the bar were made on fresh instances, to confirm.',
      ),
      ...having.map(unitMatrix),
    ]),
  ];
}

function unitMatrix(unit: UnitStory): Part {
  const passed = unit.scenarios.filter(({ outcome }) => outcome === 'passed').length;
  return h('details', { open: true }, [
    h(
      'summary',
      `${unit.id}: ${String(passed)} of ${count(unit.scenarios.length, 'scenario')} passed`,
    ),
    table({
      caption: `Scenarios of ${unit.id}`,
      head: [
        'scenario',
        'priority',
        'outcome',
        'attempts',
        ...unit.evaluations.map(
          ({ iteration }, at) => `#${String(at + 1)} (iteration ${String(iteration)})`,
        ),
      ],
      rows: unit.scenarios.map((scenario) => [
        [
          oneLine(scenario.name),
          ...(scenario.sealed ? [' ', badge('open', 'sealed')] : []),
          ...(scenario.reason === null
            ? []
            : [h('br'), h('span', { className: ['fine'] }, oneLine(scenario.reason))]),
        ],
        scenario.priority,
        mark(scenario.outcome),
        attempts(scenario),
        ...(scenario.sealed ? unit.evaluations.map(() => null) : scenario.history).map(mark),
      ]),
    }),
  ]);
}

const KIND: Readonly<Record<string, string>> = {
  passed: 'good',
  failed: 'bad',
  inconclusive: 'open',
};

function mark(outcome: ScenarioStory['outcome']): Part {
  return h('span', { className: ['mark-of', `is-${KIND[outcome ?? ''] ?? 'none'}`] }, [
    h('span', { ariaHidden: 'true' }, glyphOf(outcome)),
    unseen(OUTCOME_WORDS[outcome ?? 'none']),
  ]);
}

/** `✓✗✓|✗✗✗`: the group's service, then fresh instances. */
function attempts({ attempts: made }: ScenarioStory): string | Part[] {
  if (made.length === 0) return '–';
  const on = (where: 'group' | 'side') =>
    made
      .filter((attempt) => attempt.on === where)
      .map(({ outcome }) => glyphOf(outcome))
      .join('');
  const signs = [on('group'), on('side')].filter((part) => part !== '').join(' | ');
  const passed = made.filter(({ outcome }) => outcome === 'passed').length;
  return [
    h('span', { className: ['signs'], ariaHidden: 'true' }, signs),
    unseen(`${String(passed)} of ${String(made.length)} attempts passed`),
  ];
}

/** All that code agents ever learned of an evaluation. */
export function feedback({ units }: Digest): readonly Part[] {
  const told = units.filter((unit) => unit.feedback.length > 0);
  if (told.length === 0) return [];
  return [
    section('symptoms', 'What code agents were told', [
      h(
        'p',
        'One line for each thing observed: nothing else of an evaluation reaches a code agent.',
      ),
      ...told.map((unit) =>
        h('div', [
          h('h3', unit.id),
          h(
            'ul',
            unit.feedback.flatMap(({ iteration, from, lines }) =>
              lines.map((line) =>
                h('li', [
                  h('span', { className: ['fine'] }, `iteration ${String(iteration)}, ${from}: `),
                  h('code', oneLine(line)),
                ]),
              ),
            ),
          ),
        ]),
      ),
    ]),
  ];
}
