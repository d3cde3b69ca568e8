import type { Diagnostic, Place } from '../domain/index.ts';
import { RULES } from './rules.ts';
import type { RuleId } from './rules.ts';

/** A text file a person wrote, without its byte order mark. Offsets count UTF-16 units of `text`. */
export interface Source {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  readonly bom: boolean;
  place(offset: number): Place;
}

const BOM = '\uFEFF';

/** Text → source. Never fails. */
export function toSource(raw: string, file: string): Source {
  const bom = raw.startsWith(BOM);
  const text = bom ? raw.slice(1) : raw;
  let starts: number[] | undefined;
  return {
    file,
    text,
    bom,
    place(offset) {
      starts ??= lineStarts(text);
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

export interface Fault {
  readonly rule: RuleId;
  readonly message: string;
  /** Replaces the hint of the rule. */
  readonly hint?: string;
}

/** A fault of a rule at a place. */
export function diagnose(place: Place, fault: Fault): Diagnostic {
  const { severity, hint } = RULES[fault.rule];
  return {
    file: place.file,
    line: place.line,
    column: place.column,
    rule: fault.rule,
    severity,
    message: fault.message,
    hint: fault.hint ?? hint,
  };
}

/** Takes up faults of one source, each at an offset of its text. */
export type Report = (offset: number, fault: Fault) => void;

/** A report that appends to `diagnostics`. */
export const reportTo =
  (source: Source, diagnostics: Diagnostic[]): Report =>
  (offset, fault) => {
    diagnostics.push(diagnose(source.place(offset), fault));
  };

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some((d) => d.severity === 'error');
