import { unitId } from '../domain/index.ts';
import type { Diagnostic, Group, Manifest, Place, Unit } from '../domain/index.ts';
import { unfit } from './complexity.ts';
import { hasFrontmatter, parseFrontmatter } from './frontmatter.ts';
import type { Frontmatter } from './frontmatter.ts';
import { checkGraph } from './graph.ts';
import { parseGroupLines } from './group-line.ts';
import type { GroupLine } from './group-line.ts';
import { reportMissing } from './missing-section.ts';
import { outlineOf } from './outline.ts';
import { parseSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { hasErrors, reportTo, toSource } from './source.ts';
import type { Report, Source } from './source.ts';
import { parseUnitLine } from './unit-line.ts';
import type { UnitLine } from './unit-line.ts';

/** A unit as its line declares it, whether or not the rest of the manifest holds. */
export interface DeclaredUnit {
  readonly id: string;
  readonly title: string;
  readonly after: readonly string[];
  /** The first group that names it. */
  readonly group: number | null;
  readonly place: Place;
}

export interface ParsedManifest {
  /** Null when there is any fault of severity error. */
  readonly manifest: Manifest | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The first unit of each id, in order. */
  readonly declared: readonly DeclaredUnit[];
}

/** What a manifest's text holds, unjudged. */
export interface Layout {
  readonly frontmatter: Frontmatter;
  readonly units: readonly UnitLine[];
  readonly groups: readonly GroupLine[];
}

/** `manifest.md` → its parts, every fault of a single line reported. Null: not a text to be parsed. */
export function layOut(source: Source, report: Report): Layout | null {
  const fault = unfit(source.text);
  if (fault !== null) {
    report(fault.at, fault);
    return null;
  }
  if (!hasFrontmatter(source))
    report(0, { rule: 'frontmatter-missing', message: 'The manifest has no frontmatter.' });
  const frontmatter = parseFrontmatter(source, report);
  const outline = outlineOf(source.text, frontmatter.body);
  const units = outline.items.flatMap((item) => parseUnitLine(source.text, item, report) ?? []);
  let badGroups = 0;
  const groups = outline.order.flatMap((span) =>
    parseGroupLines(source.text, span, (at, bad) => {
      badGroups += 1;
      report(at, bad);
    }),
  );
  const end = source.text.trimEnd().length;
  if (!outline.items.some((item) => item.box !== null))
    reportMissing(outline, 'units', { end, report });
  if (groups.length === 0 && badGroups === 0) reportMissing(outline, 'order', { end, report });
  return { frontmatter, units, groups };
}

/**
 * Parses the text of a `manifest.md`. Pure; never throws. All faults at once, in the order of the file.
 *
 * @param file Absolute path, for the places of faults.
 */
export function parseManifest(text: string, file: string): ParsedManifest {
  const source = toSource(text, file);
  const diagnostics: Diagnostic[] = [];
  const report = reportTo(source, diagnostics);
  const layout = layOut(source, report);
  if (layout === null) return { manifest: null, diagnostics, declared: [] };
  const { units, groups, frontmatter } = layout;
  const unread = diagnostics.some((d) => d.rule.startsWith('frontmatter-'));
  const settings = unread ? null : parseSettings(frontmatter, report);
  checkGraph(units, groups, report);
  const sorted = diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return {
    manifest: settings === null || hasErrors(sorted) ? null : build(settings, units, groups),
    diagnostics: sorted,
    declared: declare(source, units, groups),
  };
}

function build(
  settings: Settings,
  units: readonly UnitLine[],
  groups: readonly GroupLine[],
): Manifest {
  return {
    ...settings,
    units: units.map((unit): Unit => ({
      id: unitId(unit.id),
      title: unit.title,
      after: [...new Set(unit.after.map((word) => unitId(word.text)))],
      done: unit.done,
    })),
    groups: groups.flatMap(({ number, mode, units: members }): Group[] =>
      mode === null ? [] : [{ number, mode, units: members.map((word) => unitId(word.text)) }],
    ),
  };
}

function declare(
  source: Source,
  units: readonly UnitLine[],
  groups: readonly GroupLine[],
): DeclaredUnit[] {
  const groupOf = new Map<string, number>();
  for (const group of groups) {
    for (const { text } of group.units) if (!groupOf.has(text)) groupOf.set(text, group.number);
  }
  const declared = new Map<string, DeclaredUnit>();
  for (const unit of units) {
    if (declared.has(unit.id)) continue;
    declared.set(unit.id, {
      id: unit.id,
      title: unit.title,
      after: unit.after.map((word) => word.text),
      group: groupOf.get(unit.id) ?? null,
      place: source.place(unit.at),
    });
  }
  return [...declared.values()];
}
