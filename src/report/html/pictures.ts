import { h } from 'hastscript';
import type { Digest } from '../digest/digest.ts';
import { oneLine } from '../words.ts';
import { code, section, type Part } from './parts.ts';

/** What was on a page at the end of an attempt. */
export interface Picture {
  /** Path in the run folder. */
  readonly file: string;
  /** Which attempt of its scenario, from 1. */
  readonly attempt: number;
  readonly outcome: 'passed' | 'failed' | 'broken';
  /** The PNG itself, in base64; null where the page would become too large: then only its file is named. */
  readonly png: string | null;
}

/** Pictures by the path of the evidence that they belong to. */
export type Pictures = ReadonlyMap<string, readonly Picture[]>;

/** What checks in a browser had before them, for a person. The images are in the page itself: it still asks nobody for anything. */
export function pictures({ units }: Digest, found: Pictures): readonly Part[] {
  const shown = units.flatMap((unit) =>
    unit.scenarios.flatMap(({ name, evidence }) =>
      (found.get(evidence ?? '') ?? []).map((picture) => figure(`${unit.id}: ${name}`, picture)),
    ),
  );
  if (shown.length === 0) return [];
  return [
    section('pictures', 'Pages as checks left them', [
      h('p', 'Of the last measurement of each scenario, the attempts that decided.'),
      h('div', { className: ['cards'] }, shown),
    ]),
  ];
}

function figure(of: string, { file, attempt, outcome, png }: Picture): Part {
  const when = `${oneLine(of)}, attempt ${String(attempt)}, ${outcome}`;
  return h('figure', [
    ...(png === null
      ? []
      : [h('img', { src: `data:image/png;base64,${png}`, alt: `The page at the end of ${when}` })]),
    h('figcaption', { className: ['fine'] }, [`${when}: `, code(file)]),
  ]);
}
