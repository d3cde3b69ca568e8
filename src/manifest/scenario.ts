import { Priority } from '../domain/index.ts';
import type { Diagnostic } from '../domain/index.ts';
import { unfit } from './complexity.ts';
import { parseFrontmatter } from './frontmatter.ts';
import type { Entry } from './frontmatter.ts';
import { headingText, parseMarkdown } from './markdown.ts';
import type { Heading } from './markdown.ts';
import { examineBody } from './scenario-body.ts';
import { shown } from './settings.ts';
import { reportTo } from './source.ts';
import type { Report, Source } from './source.ts';

/** What the run needs to know of a scenario; its text is none of our business. */
export interface ScenarioHead {
  /** First heading without its priority; null when there is none. */
  readonly title: string | null;
  readonly priority: Priority;
  /** Whether the file itself says its priority. */
  readonly saysPriority: boolean;
  /** `sealed: true` in the frontmatter. */
  readonly sealed: boolean;
}

const HEAD = 256;

/** Title and priority of a scenario: from frontmatter, `(P0)` in the heading, or a line `Priority: P0` right below it. */
export function parseScenario(source: Source): { head: ScenarioHead; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = reportTo(source, diagnostics);
  const { entries, body } = parseFrontmatter(source, report);
  const heading = firstHeading(source.text, body);
  const entry = entries.get('priority');
  const declared = entry === undefined ? null : priorityOf(entry.value, entry.valueAt, report);
  const { title, priority } = splitPriority(heading?.text ?? '');
  const below =
    declared ?? priority ?? (heading === null ? null : lineBelow(source.text, heading.end, report));
  examineBody(source.text, body, report);
  const head: ScenarioHead = {
    title: title === '' ? null : title,
    priority: below ?? 'P1',
    saysPriority: below !== null,
    sealed: sealedOf(entries.get('sealed'), report),
  };
  return { head, diagnostics };
}

function sealedOf(entry: Entry | undefined, report: Report): boolean {
  if (entry === undefined) return false;
  if (typeof entry.value === 'boolean') return entry.value;
  report(entry.valueAt, {
    rule: 'bad-sealed',
    message: `${shown(entry.value)} is neither \`true\` nor \`false\`.`,
  });
  return false;
}

/** Most scenarios begin with their heading: parsing the beginning is enough. */
function firstHeading(text: string, body: number): { text: string; end: number } | null {
  const cut = text.lastIndexOf('\n', body + HEAD);
  const parts =
    text.length - body <= HEAD || cut <= body
      ? [text.slice(body)]
      : [text.slice(body, cut), text.slice(body)];
  for (const part of parts) {
    if (unfit(part) !== null) continue;
    const heading = parseMarkdown(part).find((block): block is Heading => block.type === 'heading');
    if (heading !== undefined)
      return { text: headingText(part, heading), end: body + (heading.position?.end.offset ?? 0) };
  }
  return null;
}

/** `Title (P0)` → its two parts. */
export function splitPriority(heading: string): { title: string; priority: Priority | null } {
  const match = /\((P[0-2])\)$/i.exec(heading.trimEnd());
  if (match === null) return { title: heading.trim(), priority: null };
  return {
    title: heading.slice(0, match.index).trim(),
    priority: Priority.parse(match[1]?.toUpperCase()),
  };
}

function priorityOf(value: unknown, at: number, report: Report): Priority | null {
  const priority = Priority.safeParse(
    typeof value === 'string' ? value.trim().toUpperCase() : value,
  );
  if (priority.success) return priority.data;
  report(at, { rule: 'bad-priority', message: `${shown(value)} is not a priority.` });
  return null;
}

const LINE = /\s*[*_]{0,2}priority[*_]{0,2}[ \t]*:[*_]{0,2}[ \t]*([^\s.,;()*_]*)/iy;

function lineBelow(text: string, end: number, report: Report): Priority | null {
  LINE.lastIndex = end;
  const match = LINE.exec(text);
  return match === null
    ? null
    : priorityOf(match[1] ?? '', LINE.lastIndex - (match[1]?.length ?? 0), report);
}
