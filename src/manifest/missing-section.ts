import type { Outline } from './outline.ts';
import type { Report } from './source.ts';

const SECTIONS = {
  units: {
    rule: 'no-units',
    heading: 'Units',
    noun: 'unit',
    line: '- [ ] api: HTTP interface — no dependencies',
  },
  order: {
    rule: 'no-groups',
    heading: 'Execution Order',
    noun: 'group',
    line: 'Group 1 (parallel): a, b',
  },
} as const;

/** A section of a manifest that says nothing: its heading is there, is nearly there, or is not. `end` is the end of the text. */
export function reportMissing(
  { hasUnits, hasOrder, near }: Outline,
  section: keyof typeof SECTIONS,
  { end, report }: { readonly end: number; readonly report: Report },
): void {
  const { rule, heading, noun, line } = SECTIONS[section];
  if (section === 'units' ? hasUnits : hasOrder) {
    report(end, {
      rule,
      message: `There is no ${noun} below \`${heading}\`.`,
      hint: `Below that heading write lines like \`${line}\`.`,
    });
    return;
  }
  const message = `The manifest has no heading \`${heading}\`.`;
  const miss = near.get(section);
  if (miss === undefined) report(end, { rule, message });
  else
    report(miss.at, {
      rule,
      message,
      hint: `Did you mean \`## ${heading}\` where it says \`${miss.words.slice(0, 60)}\`?`,
    });
}
