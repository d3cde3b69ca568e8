import type { Diagnostic, GroupMode } from '../../domain/index.ts';
import { layOut } from '../manifest.ts';
import type { GroupLine } from '../group-line.ts';
import type { Source } from '../source.ts';
import type { UnitLine } from '../unit-line.ts';
import { finding } from './texts.ts';
import type { SpecTexts } from './texts.ts';

/** Units that stand in a later group than what they depend on asks for. */
export function orderRules({ source }: SpecTexts): Diagnostic[] {
  const layout = layOut(source, () => undefined);
  if (layout === null) return [];
  const position = new Map(
    layout.groups.flatMap(({ units }, index) => units.map(({ text }) => [text, index] as const)),
  );
  const after = new Map(layout.units.map((unit) => [unit.id, unit.after.map(({ text }) => text)]));
  return layout.groups.flatMap(({ number, units }, index) =>
    units.flatMap(({ text, at }) => {
      const needs = Math.max(-1, ...(after.get(text) ?? []).map((id) => position.get(id) ?? -1));
      if (needs + 1 >= index) return [];
      const earliest = layout.groups[needs + 1]?.number ?? 1;
      const message = `Nothing says why \`${text}\` waits for group ${String(number)}: what it depends on is there for group ${String(earliest)}.`;
      return [finding(source, { at, rule: 'order-not-derived', message })];
    }),
  );
}

interface DerivedGroup {
  readonly number: number;
  readonly mode: GroupMode;
  readonly units: readonly string[];
}

/**
 * The execution order that follows from the dependencies alone: each unit in the earliest group it can be in. Null when a dependency is
 * unknown or goes round in a circle. A mode stays where a person chose it for the same units; `sequential` wins where two meet.
 */
function derive(
  units: readonly Pick<UnitLine, 'id' | 'after'>[],
  before: readonly Pick<GroupLine, 'mode' | 'units'>[],
): readonly DerivedGroup[] | null {
  const level = new Map<string, number>();
  let open = [...units];
  while (open.length > 0) {
    const ready = open.filter((unit) => unit.after.every(({ text }) => level.has(text)));
    if (ready.length === 0) return null;
    const levels = ready.map((unit) =>
      Math.max(0, ...unit.after.map(({ text }) => (level.get(text) ?? 0) + 1)),
    );
    for (const [index, unit] of ready.entries()) level.set(unit.id, levels[index] ?? 0);
    open = open.filter((unit) => !level.has(unit.id));
  }
  const count = Math.max(-1, ...level.values()) + 1;
  return Array.from({ length: count }, (_, index) => {
    const members = units.map(({ id }) => id).filter((id) => level.get(id) === index);
    return { number: index + 1, mode: modeOf(members, before), units: members };
  });
}

function modeOf(
  members: readonly string[],
  before: readonly Pick<GroupLine, 'mode' | 'units'>[],
): GroupMode {
  const modes = before
    .filter(({ units }) => units.some(({ text }) => members.includes(text)))
    .map(({ mode }) => mode);
  if (modes.includes('sequential')) return 'sequential';
  return modes.length === 0 && members.length === 1 ? 'sequential' : 'parallel';
}

/** The manifest with its execution order made anew from the dependencies, every other byte as it was. Null: it cannot be derived. */
export function reorder(source: Source): string | null {
  const layout = layOut(source, () => undefined);
  if (layout === null || layout.units.length === 0) return null;
  const ids = layout.units.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) return null;
  const derived = derive(layout.units, layout.groups);
  if (derived === null) return null;
  const lines = derived.map(
    ({ number, mode, units }) => `Group ${String(number)} (${mode}): ${units.join(', ')}`,
  );
  return (source.bom ? '\uFEFF' : '') + replaceLines(source.text, layout.groups, lines);
}

/** Puts lines in the place of those of the groups; text between them stays. */
function replaceLines(
  text: string,
  groups: readonly GroupLine[],
  lines: readonly string[],
): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const spans = groups.map((group) => spanOf(text, group));
  const [first] = spans;
  if (first === undefined) {
    const heading = /^#{1,6}[ \t]+(?:[\d.]+[ \t]+)?execution (?:order|groups)\b.*$/im.exec(text);
    const block = newline + lines.join(newline);
    if (heading === null)
      return `${text.trimEnd()}${newline}${newline}## Execution Order${newline}${block}${newline}`;
    const at = heading.index + heading[0].trimEnd().length;
    return `${text.slice(0, at)}${newline}${block}${text.slice(at)}`;
  }
  let result = text.slice(0, first.start);
  for (const [index, span] of spans.entries()) {
    const isLast = index === spans.length - 1;
    const mine = isLast ? lines.slice(index) : lines.slice(index, index + 1);
    const next = isLast ? text.length : (spans[index + 1]?.start ?? text.length);
    const written = mine.map((line) => span.prefix + line).join(newline);
    const rest = text.slice(span.end, next);
    // A line that is no longer needed goes with its line feed.
    result += mine.length === 0 ? rest.replace(/^\r?\n/, '') : written + rest;
  }
  return result;
}

function spanOf(
  text: string,
  { at, units }: GroupLine,
): { start: number; end: number; prefix: string } {
  const start = text.lastIndexOf('\n', at) + 1;
  const last = units.at(-1);
  const from = last === undefined ? at : last.at + last.text.length;
  const newline = text.indexOf('\n', from);
  const end = newline === -1 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline;
  const prefix = /^[ \t]*(?:[-*+][ \t]+)?/.exec(text.slice(start, at))?.[0] ?? '';
  return { start, end, prefix };
}
