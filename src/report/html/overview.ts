import { h } from 'hastscript';
import { barrierWords } from '../barrier.ts';
import type { Digest } from '../digest/digest.ts';
import type { UnitStory } from '../digest/units.ts';
import { cost, count, elapsed, oneLine, percent, total } from '../words.ts';
import { badge, clockTime, code, section, share, table, titled, type Part } from './parts.ts';

const OUTCOMES: Readonly<
  Record<Digest['outcome'], { readonly kind: string; readonly text: string }>
> = {
  completed: { kind: 'good', text: '✓ completed' },
  failed: { kind: 'bad', text: '✗ failed' },
  invalid: { kind: 'bad', text: '✗ invalid: the barrier tripped' },
  waiting: { kind: 'open', text: '? waiting for a decision' },
  stopped: { kind: 'open', text: '… stopped, resumable' },
  unfinished: { kind: 'open', text: '… not finished' },
};

/** Title, outcome, and the few numbers that sum a run up. */
export function masthead(digest: Digest): Part {
  const { kind, text } = OUTCOMES[digest.outcome];
  const { units, spending, timeline } = digest;
  const done = units.filter(({ status }) => status === 'completed').length;
  const fact = (name: string, value: string | Part) => h('div', h('dt', name), h('dd', value));
  return h('header', { className: ['masthead'] }, [
    h('p', { className: ['spec'] }, code(digest.spec)),
    h('h1', titled(digest.title)),
    h('p', { className: ['outcome'] }, badge(kind, text)),
    ...(digest.barrier?.tier === 'advisory'
      ? [h('p', { className: ['reason'] }, `Barrier: ${barrierWords(digest.barrier)}`)]
      : []),
    ...(digest.reason === null ? [] : [h('p', { className: ['reason'] }, oneLine(digest.reason))]),
    h('dl', { className: ['facts'] }, [
      fact('units completed', `${String(done)} of ${String(units.length)}`),
      fact('time at work', elapsed(timeline.worked)),
      fact('agents cost', cost(total(spending))),
      fact('tokens', tokens(spending)),
      fact('commits landed', String(digest.landed.filter((each) => each.kind === 'work').length)),
      fact('threshold', percent(digest.threshold)),
    ]),
    h('p', { className: ['fine'] }, [
      `Began ${clockTime(digest.began)}, last event ${clockTime(digest.latest)}. `,
      ...(digest.branch === null ? [] : ['Branch ', code(digest.branch), '. ']),
      'Run ',
      code(digest.run),
      '.',
    ]),
  ]);
}

function tokens(spending: Digest['spending']): string {
  const sum = spending.reduce((all, each) => all + each.inputTokens + each.outputTokens, 0);
  if (spending.every(({ runs, untoldRuns }) => runs === untoldRuns)) return 'unknown';
  const more = spending.some(({ untoldRuns }) => untoldRuns > 0) ? ' + unknown' : '';
  return sum.toLocaleString('en-US') + more;
}

/** What a person has to answer, with the commands that do it. */
export const questions = ({ questions: open }: Digest): readonly Part[] =>
  open.length === 0
    ? []
    : [
        section(
          'questions',
          heading(open),
          open.map(({ subject, detail, answers, answered }) =>
            h('div', { className: ['question'] }, [
              h('h3', subject),
              h('p', oneLine(detail)),
              answered === null
                ? h(
                    'pre',
                    { tabIndex: 0, role: 'region', ariaLabel: `commands that answer ${subject}` },
                    answers.map((answer) => `${oneLine(answer)}\n`).join(''),
                  )
                : h('p', `answered: ${answered}; the next run takes it up`),
            ]),
          ),
        ),
      ];

function heading(open: Digest['questions']): string {
  const waiting = open.filter(({ answered }) => answered === null).length;
  return waiting === 0
    ? 'Answered, and not taken up yet'
    : `It waits for ${count(waiting, 'decision')}`;
}

const KINDS: Readonly<Record<string, string>> = {
  completed: 'good',
  escalated: 'bad',
  skipped: 'open',
  pending: 'none',
};

const SIGNS: Readonly<Record<string, string>> = {
  completed: '✓',
  escalated: '✗',
  skipped: '–',
  pending: '–',
};

/** Every unit in a row. */
export const unitsTable = (digest: Digest): Part =>
  section('units', 'Units', [
    table({
      caption: 'What became of each unit',
      stacks: true,
      head: ['unit', 'group', 'decision', 'satisfaction', 'iterations', 'files', 'cost'],
      numbers: [1, 4, 5, 6],
      rows: digest.units.map((unit) => [
        [h('strong', unit.id), h('br'), h('span', { className: ['fine'] }, titled(unit.title))],
        String(unit.group),
        badge(KINDS[unit.status] ?? 'open', `${SIGNS[unit.status] ?? '…'} ${unit.decision}`),
        satisfaction(unit, digest.threshold),
        `${String(unit.iteration)} of ${String(digest.maxIterations)}`,
        String(unit.filesChanged),
        unit.iteration === 0 ? '–' : cost(unit.spend),
      ]),
    }),
  ]);

function satisfaction({ satisfaction: value, sealed }: UnitStory, threshold: number) {
  if (value === null) return 'not measured';
  return [
    meter(value, threshold),
    ` ${percent(value)}${sealed === null ? '' : `, sealed ${percent(sealed)}`}`,
  ];
}

/** A bar with a mark where the threshold is; what it shows always stands beside it in figures. */
export const meter = (value: number, threshold: number): Part =>
  h(
    'span',
    {
      className: ['meter', value >= threshold - 1e-9 ? 'reaches' : 'falls-short'],
      ariaHidden: 'true',
    },
    [
      h('span', { className: ['fill'], style: `width:${share(value, 1)}` }),
      h('span', { className: ['mark'], style: `left:${share(threshold, 1)}` }),
    ],
  );
