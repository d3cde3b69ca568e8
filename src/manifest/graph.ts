import { closest } from './closest.ts';
import { cycleThrough, knots } from './cycles.ts';
import type { GroupLine } from './group-line.ts';
import type { Report } from './source.ts';
import type { UnitLine } from './unit-line.ts';

/** Checks what no single line can tell: ids, groups and dependencies against each other. */
export function checkGraph(
  units: readonly UnitLine[],
  groups: readonly GroupLine[],
  report: Report,
): void {
  const known = checkIds(units, report);
  checkNumbers(groups, report);
  const groupOf = checkMembers(known, groups, report);
  for (const unit of known.values()) {
    if (!groupOf.has(unit.id) && groups.length > 0) {
      report(unit.at, { rule: 'unit-in-no-group', message: `Unit \`${unit.id}\` is in no group.` });
    }
  }
  const graph = checkDependencies(known, report);
  const knotOf = checkCycles(known, graph, report);
  for (const unit of known.values()) {
    const group = groupOf.get(unit.id);
    for (const word of unit.after) {
      const other = groupOf.get(word.text);
      if (word.text === unit.id || group === undefined || other === undefined || other < group)
        continue;
      // A cycle cannot be ordered; it is reported as what it is.
      if (knotOf.has(unit.id) && knotOf.get(unit.id) === knotOf.get(word.text)) continue;
      report(word.at, {
        rule: 'dependency-order',
        message: `Unit \`${unit.id}\` in group ${group} depends on \`${word.text}\`, which is in ${other === group ? 'the same group' : `the later group ${other}`}.`,
      });
    }
  }
}

type Known = ReadonlyMap<string, UnitLine>;

/** The first unit of each id. */
function checkIds(units: readonly UnitLine[], report: Report): Known {
  const known = new Map<string, UnitLine>();
  const folded = new Map<string, UnitLine>();
  for (const unit of units) {
    const first = folded.get(unit.id.toLowerCase());
    if (first === undefined) {
      folded.set(unit.id.toLowerCase(), unit);
      known.set(unit.id, unit);
    } else {
      const message =
        first.id === unit.id
          ? `Unit \`${unit.id}\` is declared twice.`
          : `Unit \`${unit.id}\` differs from \`${first.id}\` only in case.`;
      report(unit.at, { rule: 'duplicate-unit', message });
    }
  }
  return known;
}

function checkNumbers(groups: readonly GroupLine[], report: Report): void {
  const seen = new Set<number>();
  let highest = -1;
  for (const { number, at } of groups) {
    if (seen.has(number))
      report(at, { rule: 'duplicate-group', message: `There is more than one group ${number}.` });
    else if (number < highest)
      report(at, {
        rule: 'group-order',
        message: `Group ${number} stands behind group ${highest}.`,
      });
    seen.add(number);
    highest = Math.max(highest, number);
  }
}

function checkMembers(
  known: Known,
  groups: readonly GroupLine[],
  report: Report,
): Map<string, number> {
  const groupOf = new Map<string, number>();
  for (const { number, units } of groups) {
    for (const word of units) {
      const first = groupOf.get(word.text);
      if (!known.has(word.text)) {
        report(
          word.at,
          unknown(
            'unknown-unit',
            `Group ${number} names \`${cut(word.text)}\`, which is no unit.`,
            word.text,
            known,
          ),
        );
      } else if (first !== undefined) {
        const message =
          first === number
            ? `Group ${number} names \`${word.text}\` twice.`
            : `Unit \`${word.text}\` is in group ${first} and in group ${number}.`;
        report(word.at, { rule: 'unit-in-two-groups', message });
      } else groupOf.set(word.text, number);
    }
  }
  return groupOf;
}

function checkDependencies(known: Known, report: Report): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const unit of known.values()) {
    const edges = new Set<string>();
    for (const { text, at } of unit.after) {
      if (text === unit.id)
        report(at, { rule: 'self-dependency', message: `Unit \`${text}\` depends on itself.` });
      else if (!known.has(text)) {
        report(
          at,
          unknown(
            'unknown-dependency',
            `Unit \`${unit.id}\` depends on \`${cut(text)}\`, which is no unit.`,
            text,
            known,
          ),
        );
      } else if (edges.has(text)) {
        report(at, {
          rule: 'repeated-dependency',
          message: `Unit \`${unit.id}\` names \`${text}\` twice.`,
        });
      } else edges.add(text);
    }
    graph.set(unit.id, [...edges]);
  }
  return graph;
}

/** Unit → number of the knot it is part of. */
function checkCycles(
  known: Known,
  graph: ReadonlyMap<string, string[]>,
  report: Report,
): Map<string, number> {
  const knotOf = new Map<string, number>();
  for (const [number, knot] of knots(graph).entries()) {
    for (const id of knot) knotOf.set(id, number);
    const nodes = new Set(knot);
    const first = [...known.values()].find((unit) => nodes.has(unit.id));
    if (first === undefined) continue;
    const cycle = cycleThrough(first.id, nodes, graph);
    const place = first.after.find((word) => word.text === (cycle[1] ?? first.id));
    report(place?.at ?? first.at, {
      rule: 'dependency-cycle',
      message: `Units depend on each other in a circle: ${[...cycle, first.id].join(' → ')}.`,
    });
  }
  return knotOf;
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function unknown(
  rule: 'unknown-unit' | 'unknown-dependency',
  message: string,
  id: string,
  known: Known,
) {
  const near = closest(id, known.keys());
  return near === null
    ? { rule, message }
    : {
        rule,
        message,
        hint: `Did you mean \`${near}\`? Correct the id, or add the unit under \`## Units\`.`,
      };
}
