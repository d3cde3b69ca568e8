import type { Diagnostic } from '../../domain/index.ts';
import { names } from './coverage.ts';
import { finding } from './texts.ts';
import type { SpecTexts, UnitTexts } from './texts.ts';

const HEADING = /^###[ \t]+(.*)$/gm;
const TEST =
  /\b(?:test|it|describe|suite|def|func)(?:\.\w+)?[ \t]*\(?[ \t]*(['"`]?)([^'"`\n(]*)\1/g;

/** Unit ids in the names of stubs and of the tests in them. */
export const stubRules = ({ units }: SpecTexts): Diagnostic[] =>
  units.flatMap((unit) => named(unit, units));

function named({ stubs }: UnitTexts, units: readonly UnitTexts[]): Diagnostic[] {
  if (stubs === null) return [];
  const { source } = stubs;
  const all = [
    ...[...source.text.matchAll(HEADING)].map((match) => ({
      name: match[1] ?? '',
      at: match.index,
    })),
    ...[...source.text.matchAll(TEST)].map((match) => ({ name: match[2] ?? '', at: match.index })),
  ];
  return all.flatMap(({ name, at }) => {
    const plain = name.replaceAll('_', '-');
    const unit = units.find(
      ({ id }) =>
        names(name, id) || plain.split(/\s+/).some((word) => word.includes(id) && id.includes('-')),
    );
    if (unit === undefined) return [];
    const message = `\`${name.trim().slice(0, 60)}\` carries the unit id \`${unit.id}\`.`;
    return [finding(source, { at, rule: 'unit-id-in-stub', message })];
  });
}
