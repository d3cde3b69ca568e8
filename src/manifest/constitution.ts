import { RE2JS } from 're2js';
import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { RuleLevel } from '../domain/index.ts';
import type { Diagnostic, Place, Rule } from '../domain/index.ts';
import { unfit } from './complexity.ts';
import { headingText, parseMarkdown } from './markdown.ts';
import type { Block } from './markdown.ts';
import { diagnose } from './source.ts';
import type { Source } from './source.ts';

export interface Constitution {
  readonly rules: readonly Rule[];
  /** Rules that are at fault: they are skipped, and a person is told where they are. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the rules of a CONSTITUTION.md: every yaml block that says `level`, `pattern` or `check`. Never throws for what is written there. */
export function parseConstitution(source: Source): Constitution {
  const diagnostics: Diagnostic[] = [];
  const fault = unfit(source.text);
  if (fault !== null) return { rules: [], diagnostics: [diagnose(source.place(fault.at), fault)] };
  const rules: Rule[] = [];
  let heading = 'Rule';
  const visit = (blocks: readonly Block[]): void => {
    for (const block of blocks) {
      if (block.type === 'heading') heading = headingText(source.text, block) || heading;
      else if (block.type === 'code' && /^ya?ml$/i.test(block.lang ?? ''))
        rules.push(...readBlock(block, { source, heading, diagnostics }));
      else if ('children' in block) visit(block.children);
    }
  };
  visit(parseMarkdown(source.text));
  return { rules, diagnostics };
}

interface Context {
  readonly source: Source;
  readonly heading: string;
  readonly diagnostics: Diagnostic[];
}

/** `a, b` or a list; a comma within braces belongs to the glob. */
const Globs = z
  .union([z.string(), z.array(z.string())])
  .transform((globs) =>
    (typeof globs === 'string' ? globs.split(/,(?![^{]*\})/) : globs)
      .map((glob) => glob.trim().replace(/^\.?\//, ''))
      .filter((glob) => glob !== ''),
  );

const Written = z.object({
  name: z.string().optional(),
  level: RuleLevel,
  pattern: z.string().min(1).optional(),
  check: z.string().min(1).optional(),
  scope: Globs.optional(),
  exclude: Globs.optional(),
  message: z.string().min(1).optional(),
});

type Code = Extract<Block, { type: 'code' }>;

function readBlock(block: Code, context: Context): Rule[] {
  const { source, diagnostics } = context;
  const lines = new LineCounter();
  const first = block.position?.start.line ?? 1;
  const margin = (block.position?.start.column ?? 1) - 1;
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    // The line of the fence comes before the first of the block.
    return {
      file: source.file,
      line: first + Math.max(1, line),
      column: margin + Math.max(1, col),
    };
  };
  const bad = (offset: number, message: string): void => {
    diagnostics.push(diagnose(at(offset), { rule: 'bad-constitution-rule', message }));
  };
  try {
    const document = parseDocument(block.value, {
      lineCounter: lines,
      logLevel: 'silent',
      prettyErrors: false,
    });
    const [error] = document.errors;
    if (error !== undefined) {
      bad(error.pos[0], `This block is not valid YAML: ${error.message.split('\n')[0] ?? ''}`);
      return [];
    }
    const { contents } = document;
    const nodes = isSeq(contents) ? contents.items : [contents];
    return nodes.flatMap((node) => {
      if (!isMap(node) || !['level', 'pattern', 'check'].some((key) => node.has(key))) return [];
      const start = node.range?.[0] ?? 0;
      const offsetOf = (key: string): number => {
        const found = node.get(key, true) as { range?: readonly number[] } | undefined;
        return found?.range?.[0] ?? start;
      };
      const written = Written.safeParse(node.toJS(document, { maxAliasCount: 20 }));
      const name = context.heading;
      if (!written.success) {
        const [issue] = written.error.issues;
        const key = String(issue?.path[0] ?? '');
        bad(
          offsetOf(key),
          `Rule “${name}” is skipped: \`${key}\` ${EXPECTED[key] ?? 'is not usable'}.`,
        );
        return [];
      }
      const rule = ruleOf(written.data, name, at(start));
      if (typeof rule === 'object') return [rule];
      bad(offsetOf('pattern'), `Rule “${name}” is skipped: ${rule}`);
      return [];
    });
  } catch (error) {
    // The library throws for bombs of aliases and for nesting beyond its stack; both are the file's fault.
    bad(0, `This block cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  level: 'must be L1, L2 or L3',
  pattern: 'must be a text, in quotes where YAML reads it as something else',
  check: 'must be a text',
  scope: 'must be a glob, or a list of globs',
  exclude: 'must be a glob, or a list of globs',
  message: 'must be a text',
};

/** The rule, or what is wrong with it. */
function ruleOf(written: z.infer<typeof Written>, heading: string, place: Place): Rule | string {
  const { level, pattern, check, scope = [], exclude = [] } = written;
  if ((pattern === undefined) === (check === undefined))
    return 'it must have either `pattern` or `check`.';
  const name = written.name ?? heading;
  const message = written.message ?? name;
  const rest = { name, level, scope: scope.length === 0 ? ['**'] : scope, exclude, message, place };
  if (check !== undefined) return { ...rest, by: { kind: 'check', question: check } };
  const why = unusable(pattern ?? '');
  return why ?? { ...rest, by: { kind: 'pattern', pattern: pattern ?? '' } };
}

function unusable(pattern: string): string | null {
  try {
    RE2JS.compile(pattern, RE2JS.MULTILINE);
    return null;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return `its pattern is not one of RE2, which has no lookaround and no backreferences (${said}).`;
  }
}
