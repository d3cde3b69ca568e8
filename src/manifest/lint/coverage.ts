import type { Diagnostic } from '../../domain/index.ts';
import type { Source } from '../source.ts';
import { bodyOf, proseOf } from './prose.ts';
import { finding } from './texts.ts';
import type { SpecTexts } from './texts.ts';

/** `R1`, `REQ-12`, `FR2.1`. */
const ID = String.raw`[A-Z]{1,6}-?\d+(?:\.\d+)*`;
/** At the beginning of an item, heading or row, and set off from what follows. */
const DECLARED = new RegExp(
  String.raw`^[ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+|#{1,6}[ \t]+|\|[ \t]*)?(?:([*_[]+)(${ID})(?=[\s:.)]*[\]*_])|(${ID})(?=[ \t]*(?:[:|]|[—–-][ \t])))`,
  'gm',
);
const MENTIONED = new RegExp(
  String.raw`(?<![\w-])(${ID})(?:\s*(?:–|—|-|to|\.\.)\s*(${ID}))?(?![\w-])`,
  'g',
);

interface Requirement {
  readonly id: string;
  readonly at: number;
}

/** Whether every requirement is served by something, and nothing speaks of one that is not there. */
export function coverage(texts: SpecTexts): Diagnostic[] {
  const { requirements } = texts;
  if (requirements === null) return [];
  const declared = declaredIn(requirements);
  if (declared.length === 0) {
    const message = 'No requirement has an id, so nothing can tell whether each is served.';
    return [finding(requirements, { at: 0, rule: 'requirements-without-ids', message })];
  }
  const served = new Set(claims(texts));
  return [
    ...declared
      .filter(({ id }) => !served.has(id))
      .map(({ id, at }) =>
        finding(requirements, {
          at,
          rule: 'requirement-uncovered',
          message: `Nothing says which unit or scenario serves requirement \`${id}\`.`,
        }),
      ),
    ...strangers(texts, declared),
  ];
}

function declaredIn(requirements: Source): Requirement[] {
  const found = new Map<string, Requirement>();
  for (const match of proseOf(requirements).matchAll(DECLARED)) {
    const id = match[2] ?? match[3] ?? '';
    if (!found.has(id)) found.set(id, { id, at: match.index + match[0].lastIndexOf(id) });
  }
  return [...found.values()];
}

/** Ids that units, scenarios, or lines of solution and manifest that name a unit speak of. */
function claims({ units, solution, source, manifest }: SpecTexts): string[] {
  const own = units.flatMap(({ spec, scenarios }) => [
    ...mentions(spec.text),
    ...scenarios.flatMap((each) => mentions(each.source.text)),
  ]);
  const ids = manifest.units.map(({ id }) => id);
  const traced = [solution, source]
    .flatMap((each) => (each === null ? [] : bodyOf(each).split('\n')))
    .filter((line) => ids.some((id) => names(line, id)));
  return [...own, ...traced.flatMap(mentions)];
}

export const names = (text: string, id: string): boolean =>
  new RegExp(`(?<![\\w-])${id.replaceAll('.', String.raw`\.`)}(?![\\w-])`, 'u').test(text);

/** Every id, a range `R1–R4` spelled out. */
function mentions(text: string): string[] {
  return [...text.matchAll(MENTIONED)].flatMap(([, first = '', last]) =>
    last === undefined ? [first] : range(first, last),
  );
}

function range(first: string, last: string): string[] {
  const [from, to] = [first, last].map((id) => /^(\D+)(\d+)$/.exec(id));
  const [low, high] = [Number(from?.[2]), Number(to?.[2])];
  if (!from || !to || from[1] !== to[1] || !(high >= low && high - low <= 200))
    return [first, last];
  const width = from[2]?.length ?? 1;
  return Array.from(
    { length: high - low + 1 },
    (_, index) => `${from[1] ?? ''}${String(low + index).padStart(width, '0')}`,
  );
}

/** `requirements:` in the frontmatter of a unit or scenario that names what requirements.md does not have. */
function strangers({ units }: SpecTexts, declared: readonly Requirement[]): Diagnostic[] {
  const known = new Set(declared.map(({ id }) => id));
  const sources = units.flatMap(({ spec, scenarios }) => [
    spec,
    ...scenarios.map(({ source }) => source),
  ]);
  return sources.flatMap((source) => {
    const line = /^(?:requirements|covers):.*$/m.exec(frontmatterOf(source));
    if (line === null) return [];
    return mentions(line[0])
      .filter((id) => !known.has(id))
      .map((id) =>
        finding(source, {
          at: line.index + Math.max(0, line[0].indexOf(id)),
          rule: 'unknown-requirement',
          message: `requirements.md has no requirement \`${id}\`.`,
        }),
      );
  });
}

const frontmatterOf = (source: Source): string => {
  const body = bodyOf(source);
  return source.text.slice(0, body.length - body.trimStart().length);
};
