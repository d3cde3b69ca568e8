import { h } from 'hastscript';
import type { Digest } from '../digest/digest.ts';
import { count, elapsed, percent } from '../words.ts';
import { section, share, table, type Part } from './parts.ts';

type Timed = Digest['timeline']['spans'][number];

/** What the bars are called, in the order of the legend. */
const WORK: Readonly<Record<Timed['work'], string>> = {
  code: 'code',
  land: 'landing',
  checks: 'checks',
  evaluation: 'evaluation',
  opinion: 'second opinion',
  service: 'service',
  gate: 'gate',
  sealed: 'sealed scenarios',
  audit: 'audit',
};

const ENDS: Readonly<Record<Timed['outcome'], string>> = {
  done: '',
  failed: ', failed',
  infra: ', failed outside the product',
  cut: ', cut off',
  open: ', still going on',
};

/** Units × phases over the time at work, the critical path in full colour; and the same as a table, for whom a picture says nothing. */
export function timeline({ timeline: { spans, pauses, worked }, units }: Digest): readonly Part[] {
  if (spans.length === 0) return [];
  const run = spans.filter(({ unit }) => unit === null);
  const lanes = units
    .map(({ id }) => ({ name: id, spans: spans.filter(({ unit }) => unit === id) }))
    .filter((row) => row.spans.length > 0);
  const path = spans.filter(({ critical }) => critical);
  const used = new Set(spans.map(({ work }) => work));
  const summary = `Timeline of ${count(lanes.length, 'unit')} over ${elapsed(worked)} of work. On the critical path: ${pathInWords(path, worked)}.`;
  return [
    section('timeline', 'Timeline', [
      h('p', [
        'Bars in full colour are the critical path: each began when the one before it ended, so they are what the run’s length is made of. ',
        `Most of it went to ${pathInWords(path, worked)}.`,
      ]),
      legend([...used]),
      h('div', { className: ['chart'], role: 'img', ariaLabel: summary }, [
        ...[{ name: 'run', spans: run }, ...lanes]
          .filter((row) => row.spans.length > 0)
          .map(({ name, spans: own }) => lane(name, { spans: own, pauses, worked })),
        axis(worked),
      ]),
      ...pauses.map(({ at, ms }) =>
        h(
          'p',
          { className: ['fine'] },
          `Dashed line: after ${elapsed(at)} of work the run stopped, and was taken up ${elapsed(ms)} later.`,
        ),
      ),
      h('details', [h('summary', 'The timeline as a table'), spansTable(spans, worked)]),
    ]),
  ];
}

function lane(
  name: string,
  { spans, pauses, worked }: Pick<Digest['timeline'], 'spans' | 'pauses' | 'worked'>,
): Part {
  // Checks are compiled while code is written: a row of their own keeps both in sight.
  const rows = [
    spans.filter(({ work }) => work !== 'checks'),
    spans.filter(({ work }) => work === 'checks'),
  ];
  return h('div', { className: ['lane'], ariaHidden: 'true' }, [
    h('div', { className: ['name'], title: name }, name),
    h('div', { className: ['track'] }, [
      ...rows
        .filter((row) => row.length > 0)
        .map((row) =>
          h(
            'div',
            { className: ['row'] },
            row.map((span) => bar(span, worked)),
          ),
        ),
      ...pauses.map(({ at }) =>
        h('span', { className: ['pause'], style: `left:${share(at, worked)}` }),
      ),
    ]),
  ]);
}

function bar(span: Timed, worked: number): Part {
  const { work, critical, outcome, from, to } = span;
  return h('span', {
    className: ['bar', `work-${work}`, ...(critical ? ['critical'] : []), `end-${outcome}`],
    style: `left:${share(from, worked)};width:${share(to - from, worked)}`,
    title: told(span),
  });
}

const told = ({ work, unit, iteration, outcome, from, to, critical }: Timed): string =>
  [
    `${unit === null ? '' : `${unit}: `}${WORK[work]}${iteration === null ? '' : `, iteration ${String(iteration)}`}${ENDS[outcome]}`,
    `${elapsed(from)} to ${elapsed(to)} (${length(to - from)})`,
    ...(critical ? ['on the critical path'] : []),
  ].join(' · ');

/** Short work in tenths of a second: 0:00 would say that it took no time. */
const length = (ms: number): string => (ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : elapsed(ms));

const legend = (used: readonly Timed['work'][]): Part =>
  h(
    'ul',
    { className: ['legend'] },
    (Object.keys(WORK) as Timed['work'][])
      .filter((work) => used.includes(work))
      .map((work) =>
        h('li', [
          h('span', { className: ['swatch', `work-${work}`], ariaHidden: 'true' }),
          WORK[work],
        ]),
      ),
  );

const axis = (worked: number): Part =>
  h('div', { className: ['lane', 'axis'], ariaHidden: 'true' }, [
    h('div', { className: ['name'] }),
    h(
      'div',
      { className: ['track'] },
      [0, 0.25, 0.5, 0.75, 1].map((at) =>
        h(
          'span',
          { style: `left:${share(at, 1)}` },
          worked < 60_000 ? length(worked * at) : elapsed(worked * at),
        ),
      ),
    ),
  ]);

/** `code 61%, evaluation 20%`: what the critical path is made of, the largest first. */
function pathInWords(path: readonly Timed[], worked: number): string {
  const sums = new Map<Timed['work'], number>();
  for (const { work, from, to } of path) sums.set(work, (sums.get(work) ?? 0) + to - from);
  return [...sums]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([work, ms]) => `${WORK[work]} (${percent(worked === 0 ? 0 : ms / worked)})`)
    .join(', ');
}

const spansTable = (spans: readonly Timed[], worked: number): Part =>
  table({
    caption: 'Every piece of work, in the order in which it began',
    head: ['work', 'unit', 'iteration', 'from', 'took', 'share', 'end', 'critical path'],
    numbers: [2, 3, 4, 5],
    rows: spans.map((span) => [
      WORK[span.work],
      span.unit ?? '–',
      span.iteration === null ? '–' : String(span.iteration),
      elapsed(span.from),
      length(span.to - span.from),
      worked === 0 ? '–' : percent((span.to - span.from) / worked),
      ENDS[span.outcome].replace(', ', '') || 'done',
      span.critical ? 'yes' : 'no',
    ]),
  });
