import type { Diagnostic } from '../../domain/index.ts';
import { proseOf } from './prose.ts';
import { finding } from './texts.ts';
import type { SpecTexts } from './texts.ts';

const MARK = /\bTODO\b|\bTBD\b|\bFIXME\b|\?\?\?|\bXXX\b/g;

/** Places that were left for later, the templates' own among them. */
export function unfinished({ source, units, requirements, solution }: SpecTexts): Diagnostic[] {
  const texts = [
    source,
    ...(requirements === null ? [] : [requirements]),
    ...(solution === null ? [] : [solution]),
    ...units.flatMap(({ spec, scenarios }) => [spec, ...scenarios.map((each) => each.source)]),
  ];
  return texts.flatMap((text) =>
    [...proseOf(text).matchAll(MARK)].map((match) =>
      finding(text, {
        at: match.index,
        rule: 'unfinished',
        message: `\`${match[0]}\`: this was left for later.`,
      }),
    ),
  );
}
