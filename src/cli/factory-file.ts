import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { err, ok, type Diagnostic, type Result } from '../domain/index.ts';
import { readSource } from '../manifest/index.ts';
import { FactoryFile } from './settings.ts';

type Read<T> = Result<T, readonly Diagnostic[]>;

/** Relative to the project. */
export const FACTORY_FILE = join('.start', 'factory.yaml');

/** Reads `.start/factory.yaml`; a project without one has an empty one. Every fault comes with its place. */
export async function readFactoryFile(project: string): Promise<Read<FactoryFile>> {
  const file = join(project, FACTORY_FILE);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return ok({});
  const source = await readSource(file);
  if (!source.ok) return source.error.rule === 'file-empty' ? ok({}) : err([source.error]);
  return parse(source.value.text, file);
}

function parse(text: string, file: string): Read<FactoryFile> {
  const lines = new LineCounter();
  const faultAt = (offset: number, message: string): Diagnostic => {
    const { line, col } = lines.linePos(offset);
    return fault({ file, line: Math.max(1, line), column: Math.max(1, col) }, message);
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    if (document.errors.length > 0)
      return err(document.errors.map(({ pos: [offset], message }) => faultAt(offset, message)));
    const parsed = FactoryFile.safeParse(document.toJS({ maxAliasCount: 50 }) ?? {});
    if (parsed.success) return ok(parsed.data);
    return err(
      parsed.error.issues
        .flatMap(opened)
        .map(({ at, path, message }) =>
          faultAt(offsetOf(document, at), `${path.join('.') || 'the file'}: ${message}`),
        ),
    );
  } catch (error) {
    // The library throws for bombs of aliases and for nesting beyond its stack; both are the file's fault.
    return err([faultAt(0, error instanceof Error ? error.message : String(error))]);
  }
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What a person should hear of an issue; `at` is the key or value that it is about. */
function opened(issue: Issue): readonly { at: Path; path: Path; message: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { at: path, path, message: 'There is no such key.' };
    });
  if (issue.code !== 'invalid_union')
    return [{ at: issue.path, path: issue.path, message: issue.message }];
  // Of a value that may be a word or a block: what keeps it from being the block that it looks like.
  const block = issue.errors.find((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  const under = (inner: Issue): Issue => ({ ...inner, path: [...issue.path, ...inner.path] });
  return block === undefined
    ? [
        {
          at: issue.path,
          path: issue.path,
          message: 'It must be `none`, or a block with `start:`.',
        },
      ]
    : block.map(under).flatMap(opened);
}

/** Offset of a value, of its key where it has none, or of the block that it is missing from. */
function offsetOf(document: Document, path: Path): number {
  const parent = path.length === 0 ? document.contents : document.getIn(path.slice(0, -1), true);
  const key = isMap(parent)
    ? parent.items
        .map((pair) => pair.key)
        .find((each) => isScalar(each) && each.value === path.at(-1))
    : undefined;
  const found = [key, document.getIn(path, true), parent].find((each) => isNode(each));
  return isNode(found) ? (found.range?.[0] ?? 0) : 0;
}

const fault = (
  place: { readonly file: string; readonly line: number; readonly column: number },
  message: string,
): Diagnostic => ({
  ...place,
  rule: 'factory-file',
  severity: 'error',
  message,
  hint: `Known keys: ${Object.keys(FactoryFile.shape).join(', ')}.`,
});
