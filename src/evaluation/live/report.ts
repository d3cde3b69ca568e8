import type { ScenarioOutcome } from '../../domain/index.ts';

/** What a live evaluator said of one scenario, as far as it can be believed. */
export interface Claim {
  readonly name: string;
  readonly outcome: ScenarioOutcome;
  /** Its own words; never shown to a code agent as they are. */
  readonly symptom: string | null;
}

/**
 * Reads the closing report of a live evaluator. Only a scenario that is named in `Passed:` once, and nowhere in `Failed:`, has passed;
 * its own numbers are not looked at. Null when there is no report to read.
 */
export function readReport(text: string, names: readonly string[]): readonly Claim[] | null {
  const lines = closing(text);
  if (lines === null) return null;
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  const passed: string[] = [];
  const failed = new Map<string, string | null>();
  for (const { list, entry } of entriesOf(lines, longestFirst)) {
    const name = longestFirst.find((each) => startsWithName(entry, each));
    if (name === undefined) continue;
    const rest = entry.slice(name.length).replace(/^\s*\(P[0-2]\)/, '');
    if (list === 'passed' && rest.trim() === '') passed.push(name);
    else failed.set(name, rest.replace(/^[\s:—–-]+/, '').trim() || null);
  }
  return names.map((name) => {
    const once = passed.filter((each) => each === name).length === 1;
    const outcome = once && !failed.has(name) ? 'passed' : 'failed';
    return { name, outcome, symptom: failed.get(name) ?? null };
  });
}

/** The lines behind the last `Satisfaction:`; what came before is talk, or what the product said. */
function closing(text: string): readonly string[] | null {
  const lines = text.split(/\r?\n/).map(plain);
  const start = lines.findLastIndex((line) => /^satisfaction\s*:\s*\d+\s*\/\s*\d+/i.test(line));
  const rest = start === -1 ? [] : lines.slice(start + 1);
  return rest.some((line) => HEADING.test(line)) ? rest : null;
}

const HEADING = /^(passed|failed)\s*:\s*(.*)$/i;

/** Without the marks of Markdown. */
const plain = (line: string): string =>
  line
    .trim()
    .replace(/^#+\s*/, '')
    .replaceAll(/\*\*|`/g, '')
    .replace(/^(?:[-*+•]|\d+[.)])\s+/, '')
    .replace(/^\[[ x]\]\s*|^[✓✔✗✘✅❌]\s*/iu, '')
    .trim();

interface Entry {
  readonly list: 'passed' | 'failed';
  readonly entry: string;
}

/** A list stands behind its heading, with commas, or below it, one entry a line. */
function entriesOf(lines: readonly string[], names: readonly string[]): readonly Entry[] {
  const entries: Entry[] = [];
  let list: Entry['list'] | null = null;
  for (const line of lines) {
    const heading = HEADING.exec(line);
    if (heading) list = heading[1]?.toLowerCase() === 'passed' ? 'passed' : 'failed';
    const rest = heading ? (heading[2] ?? '') : line;
    if (list === null || rest === '') continue;
    const parts = heading && !names.includes(rest) ? rest.split(/\s*[,;]\s+/) : [rest];
    for (const entry of parts) entries.push({ list, entry });
  }
  return entries;
}

/** The name and then an end, a colon, a dash or a priority: `list` is not found in `list-empty`. */
const startsWithName = (entry: string, name: string): boolean =>
  entry.startsWith(name) && /^(?:$|\s*:|\s+[—–-]|\s+\()/.test(entry.slice(name.length));
