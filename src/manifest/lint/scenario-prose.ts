import type { Diagnostic } from '../../domain/index.ts';
import type { Source } from '../source.ts';
import { names } from './coverage.ts';
import { bodyOf, proseOf, sectionsOf } from './prose.ts';
import { finding } from './texts.ts';
import type { SpecTexts } from './texts.ts';
import type { LintRuleId } from './rules.ts';

/** What scenarios should not say, and what they should. */
export function scenarioRules({ units }: SpecTexts): Diagnostic[] {
  return units.flatMap((unit) =>
    unit.scenarios.flatMap(({ source }) => [
      ...internals(
        source,
        units.map(({ id, spec }) => ({ id, spec })),
        unit.spec,
      ),
      ...vague(source),
      ...unobservable(source),
    ]),
  );
}

interface Hit {
  readonly at: number;
  readonly message: string;
}

const as =
  (source: Source, rule: LintRuleId) =>
  ({ at, message }: Hit): Diagnostic =>
    finding(source, { at, rule, message });

const SOURCE_FILE =
  /(?<![\w/.-])(?:\.{1,2}\/)?(?:[\w.-]+\/)*[\w.-]*\.(?:tsx?|jsx?|mjs|cjs|py|go|rs|java|rb|php|cs|kt|swift|cpp)\b(?!\.)/g;
const SOURCE_FOLDER =
  /(?<![\w/.-])(?:\.{1,2}\/)?(?:src|lib|internal|dist|node_modules|pkg)\/[\w./-]*/g;
/** `Node.js` is a product, not a file. */
const PRODUCT = /^[A-Z]\w*\.(?:js|ts|py|rs|go)$/;

function internals(
  source: Source,
  units: readonly { readonly id: string; readonly spec: Source }[],
  own: Source,
): Diagnostic[] {
  const text = bodyOf(source).replaceAll(/https?:\/\/\S+/g, (url) => ' '.repeat(url.length));
  const files = [...text.matchAll(SOURCE_FOLDER), ...text.matchAll(SOURCE_FILE)]
    .filter(([path]) => !PRODUCT.test(path))
    .map(({ 0: path, index }) => ({
      at: index,
      message: `\`${path}\` is a file inside the product.`,
    }));
  const ids = units
    // A plain word may be the product's own, and so is an id that the unit file speaks of.
    .filter(({ id }) => /[^\p{L}]/u.test(id) && !names(own.text, id))
    .flatMap(({ id }) => {
      const at = names(text, id) ? text.indexOf(id) : -1;
      return at === -1
        ? []
        : [{ at, message: `\`${id}\` is the id of a unit, which no user knows.` }];
    });
  return unique([...files, ...ids]).map(as(source, 'internal-name-in-scenario'));
}

const unique = (hits: readonly Hit[]): Hit[] => [
  ...new Map(hits.map((hit) => [hit.at, hit])).values(),
];

const VAGUE =
  /\b(?:works? (?:correctly|properly|fine|well|as (?:expected|intended))|as (?:expected|intended|appropriate)|correctly|properly|appropriate(?:ly)?|suitable|reasonabl[ey]|user[- ]friendly|intuitive|gracefully|meaningful|helpful|sensible|nice(?:ly)?|quickly|fast|performant|robust|some (?:kind|sort) of|somehow|and so on|etc|valid (?:response|answer|result)|an? (?:good|proper|correct|right) (?:\w+)?)\b/gi;
const EXPECTED = /^(?:then|expect|outcome|result|observ|assert|verif)/i;

function vague(source: Source): Diagnostic[] {
  // What stands in quotation marks is what the product says, not what the scenario says of it.
  const prose = proseOf(source).replaceAll(/"[^"\n]*"|“[^”\n]*”/g, (quote) =>
    '\0'.repeat(quote.length),
  );
  const sections = sectionsOf(prose).filter(({ title }) => EXPECTED.test(title));
  const parts = sections.length === 0 ? [{ start: 0, end: prose.length }] : sections;
  const hits = parts.flatMap(({ start, end }) =>
    [...prose.slice(start, end).matchAll(VAGUE)].map((match) => ({
      at: start + match.index,
      message: `\`${match[0]}\` can mean anything to whoever checks it.`,
    })),
  );
  const comparable =
    /[\d`"“]|\b(?:not|no|same|equal|empty|first|before|after|true|false|null|only|one|each)\b/i;
  const body = bodyOf(source);
  if (hits.length === 0 && !parts.some(({ start, end }) => comparable.test(body.slice(start, end))))
    hits.push({
      at: parts[0]?.start ?? 0,
      message: 'Nothing here can be compared: no value, text, status or order.',
    });
  return unique(hits).map(as(source, 'vague-expectation'));
}

const UNSEEN: readonly (readonly [RegExp, string])[] = [
  [/\b(?:data ?base|sql|redis|in the cache|cached internally)\b/gi, 'is behind the public surface'],
  [
    /\b(?:is|are|gets?) logged\b|\blog (?:file|entry|line|message)s?\b|\bin the logs?\b/gi,
    'is in a log, which no check reads',
  ],
  [
    /\be-?mails? (?:is|are|was|were|gets?) sent\b|\bsends? an? e-?mail\b/gi,
    'leaves the product where no check looks',
  ],
  [
    /\binternal state\b|\bprivate (?:method|field|function)s?\b|\bsource code\b|\bunder the hood\b|\b(?:function|method) is called\b|\bmocks?\b|\bspy\b/gi,
    'is inside the product',
  ],
  [
    /\bcpu\b|\bmemory (?:usage|footprint)\b|\bthreads?\b|\bgarbage\b/gi,
    'is no answer of the product',
  ],
  [
    /\bpixels?\b|\bscreenshots?\b|\banimat\w+|\bcolou?rs?\b|\bfonts?\b|\bhovers?\b|\bclicks?\b|\bscrolls?\b/gi,
    'is seen in a browser, which the kit does not have',
  ],
];
const LONG = /\b(\d+)\s*(seconds?|minutes?|hours?|days?|weeks?)\b/gi;
const SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};
/** What a check may take unless configured. */
const ATTEMPT_SECONDS = 30;
const WAITING = /\b(?:wait\w*|after|later|for|passe[sd]|elapse[sd]?|within)\b[^.\n]*$/i;
const WAY_IN = /\0|`|\/\w|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b|https?:/;

function unobservable(source: Source): Diagnostic[] {
  const prose = proseOf(source);
  const hits: Hit[] = UNSEEN.flatMap(([pattern, why]) =>
    [...prose.matchAll(pattern)].map((match) => ({
      at: match.index,
      message: `\`${match[0]}\` ${why}.`,
    })),
  );
  for (const match of prose.matchAll(LONG)) {
    const seconds =
      Number(match[1]) * (SECONDS[(match[2] ?? '').toLowerCase().replace(/s$/, '')] ?? 0);
    const before = prose.slice(prose.lastIndexOf('\n', match.index) + 1, match.index);
    if (seconds > ATTEMPT_SECONDS && WAITING.test(before))
      hits.push({
        at: match.index,
        message: `\`${match[0]}\` is longer than a check runs (${String(ATTEMPT_SECONDS)} seconds).`,
      });
  }
  if (!WAY_IN.test(prose) && !WAY_IN.test(bodyOf(source)))
    hits.push({
      at: 0,
      message: 'It names no route, command or export, so nobody can carry it out.',
    });
  return unique(hits).map(as(source, 'not-observable'));
}
