import { relative, sep } from 'node:path';
import stringWidth from 'string-width';
import type { Diagnostic, Problem } from '../domain/index.ts';
import { count, oneLine } from './words.ts';

export interface DiagnosticsOptions {
  /** Files inside it are named relative to it. */
  readonly cwd: string;
  /** File → its text, for excerpts; a file that is not in it gets none. */
  readonly sources: ReadonlyMap<string, string>;
}

/** For people: place, message, the line with a squiggle, and the way out; the tally last. */
export function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  { cwd, sources }: DiagnosticsOptions,
): string {
  const lines = new Map([...sources].map(([file, text]) => [file, text.split(/\r\n|\n|\r/)]));
  const faults = diagnostics.map((diagnostic) => {
    const { file, line, column, severity, rule, message, hint } = diagnostic;
    const source = lines.get(file)?.[line - 1];
    return [
      `${oneLine(named(file, cwd))}:${String(line)}:${String(column)} ${severity} ${oneLine(message)} [${rule}]`,
      ...(source === undefined ? [] : excerpt(source, diagnostic)),
      `  hint: ${oneLine(hint)}`,
      '',
    ].join('\n');
  });
  const of = (severity: Diagnostic['severity']) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const infos = of('info');
  const told = [
    count(of('error'), 'error'),
    count(of('warning'), 'warning'),
    ...(infos === 0 ? [] : [`${String(infos)} for information`]),
  ];
  return diagnostics.length === 0
    ? 'No faults found.\n'
    : `${[...faults, told.join(', ')].join('\n')}\n`;
}

/** What `validate --json` prints. `ok`: no error among them. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): {
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
} {
  return {
    ok: diagnostics.every(({ severity }) => severity !== 'error'),
    diagnostics: diagnostics.map(({ file, line, column, rule, severity, message, hint }) => ({
      file,
      line,
      column,
      rule,
      severity,
      message,
      hint,
    })),
  };
}

/** For people: where, what, and how to get out. */
export const problemText = ({ where, what, remedy }: Problem): string =>
  `${oneLine(where)}: ${oneLine(what)}\n  ${oneLine(remedy)}\n`;

function named(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path === '..' || path.startsWith(`..${sep}`) ? file : path;
}

/** Characters shown on each side of a place: enough to recognise it, and a line of a million characters stays one line. */
const around = 60;

function excerpt(source: string, { line, column }: Diagnostic): readonly string[] {
  const at = Math.min(column - 1, source.length);
  const from = Math.max(0, at - around);
  const lead = `${from > 0 ? '…' : ''}${visible(source.slice(from, at))}`;
  const rest = source.slice(at, at + around);
  const word = /^[\p{L}\p{N}._-]+/u.exec(rest)?.[0] ?? rest.slice(0, 1);
  const gutter = String(line);
  return [
    `  ${gutter} | ${lead}${visible(rest)}${source.length > at + around ? '…' : ''}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(stringWidth(lead))}${'~'.repeat(Math.max(1, stringWidth(word)))}`,
  ];
}

/** One column for each control character, so that the squiggle stays below its word. */
const visible = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');
