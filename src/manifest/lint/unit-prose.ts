import type { Diagnostic } from '../../domain/index.ts';
import { bodyOf, fences, proseOf, sectionsOf } from './prose.ts';
import { finding } from './texts.ts';
import type { SpecTexts, UnitTexts } from './texts.ts';

/** What a unit file, which its code agent reads, should not say; and what its scenarios lack. */
export const unitRules = ({ manifest, source, units }: SpecTexts): Diagnostic[] =>
  units.flatMap((unit) => [
    ...criteria(unit),
    ...hints(unit),
    ...withoutP0(unit, {
      source,
      at: Math.max(0, source.text.search(new RegExp(`^.*\\[[ xX]\\].*${escaped(unit.id)}`, 'm'))),
      title: manifest.units.find(({ id }) => id === unit.id)?.title ?? '',
    }),
  ]);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const CRITERIA =
  /^(?:acceptance(?: criteria| tests?)?|definition of done|success criteria|test (?:cases?|plan|scenarios?)|scenarios?|verification|how (?:it|this) is (?:tested|judged|verified))$/i;
const GHERKIN = /^[ \t]*(?:[-*+][ \t]+)?[*_]*(?:given|when|then)\b[*_]*[ \t:,].*$/gim;

function criteria({ spec }: UnitTexts): Diagnostic[] {
  const prose = proseOf(spec);
  const headed = sectionsOf(prose)
    .filter(({ title }) => CRITERIA.test(title))
    .map(({ at, title }) =>
      finding(spec, {
        at,
        rule: 'acceptance-criteria-in-unit',
        message: `\`${title}\` tells the code agent how it is judged.`,
      }),
    );
  const steps = [...prose.matchAll(GHERKIN)];
  const words = new Set(steps.map(([line]) => /given|when|then/i.exec(line)?.[0].toLowerCase()));
  const [first] = steps;
  if (first === undefined || !words.has('then') || words.size < 2) return headed;
  const message = 'Given, When, Then: this is a scenario.';
  return [
    ...headed,
    finding(spec, {
      at: first.index + (first[0].length - first[0].trimStart().length),
      rule: 'acceptance-criteria-in-unit',
      message,
    }),
  ];
}

const HINTED =
  /^(?:implementation(?: \w+)?|how to (?:build|implement)(?: \w+)?|(?:suggested|proposed) \w+|pseudo-?code|algorithm|steps to implement)$/i;
const HINT =
  /^[ \t]*(?:[-*+][ \t]+)?[*_]*(?:hint|tip|implementation(?: note)?|suggestion)[*_]*[ \t]*:.*$|\b(?:you (?:can|could|should|might) use|we (?:can|could|should) use|implement (?:it|this) (?:by|with|as|using)|can be implemented|create an? (?:helper|private|internal) \w+|use an? (?:for|while) loop|(?:use|with) an? (?:hash ?map|regular expression|regex|linked list|singleton|binary search))\b/gim;
const BODY =
  /\b(?:return|yield|throw|raise|await|const|let|var|for|while|if)\b[^\n]*[;:{)]?[ \t]*$|^[ \t]+(?:self\.|this\.)\w+[ \t]*=/m;
const OPENING =
  /\b(?:function|def|fn|func)\b[^\n]*[{:][ \t]*$|=>[ \t]*\{[ \t]*$|\bclass \w+[^\n]*[{:][ \t]*$/m;
const LANGUAGES = new Set(
  'js jsx ts tsx javascript typescript mjs py python go rust rs java kotlin ruby rb php c cpp csharp cs swift'.split(
    ' ',
  ),
);

function hints({ spec }: UnitTexts): Diagnostic[] {
  const prose = proseOf(spec);
  const found = [
    ...sectionsOf(prose)
      .filter(({ title }) => HINTED.test(title))
      .map(({ at, title }) => ({ at, message: `\`${title}\` says how to build it.` })),
    ...[...prose.matchAll(HINT)].map((match) => ({
      at: match.index + (match[0].length - match[0].trimStart().length),
      message: `\`${match[0].trim().slice(0, 60)}\` says how to build it.`,
    })),
    ...fences(bodyOf(spec))
      .filter(({ lang, code }) => LANGUAGES.has(lang.toLowerCase()) && isBody(code))
      .map(({ start }) => ({
        at: start,
        message: 'This code is an implementation, not an interface.',
      })),
  ];
  return found.map(({ at, message }) =>
    finding(spec, { at, rule: 'implementation-hint', message }),
  );
}

const isBody = (code: string): boolean => OPENING.test(code) && BODY.test(code);

function withoutP0(
  { id, scenarios }: UnitTexts,
  { source, at, title }: { source: SpecTexts['source']; at: number; title: string },
): Diagnostic[] {
  if (scenarios.some(({ scenario }) => scenario.priority === 'P0')) return [];
  const message = `None of the ${String(scenarios.length)} scenarios of \`${id}\` (${title}) is P0.`;
  return [finding(source, { at, rule: 'unit-without-p0', message })];
}
