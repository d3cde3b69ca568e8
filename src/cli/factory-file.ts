import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { isNode } from 'yaml';
import { err, ok, type Diagnostic, type Result } from '../domain/index.ts';
import { FactoryFile } from './settings.ts';

/** Reads `.start/factory.yaml`; a project without one has an empty one. Every fault comes with its place. */
export async function readFactoryFile(
  project: string,
): Promise<Result<FactoryFile, readonly Diagnostic[]>> {
  const file = join(project, '.start', 'factory.yaml');
  const read = await readIfThere(file);
  if (read === null) return ok({});
  if (typeof read !== 'string')
    return err([fault({ file, line: 1, column: 1 }, `It cannot be read: ${read.message}`)]);
  const lines = new LineCounter();
  const document = parseDocument(read, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0)
    return err(document.errors.map((error) => fault(placeAt(error.pos[0]), error.message)));
  const parsed = FactoryFile.safeParse(document.toJS({ maxAliasCount: 50 }) ?? {});
  if (parsed.success) return ok(parsed.data);
  return err(
    parsed.error.issues.map((issue) => {
      const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path;
      const node = document.getIn(path, true);
      const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
      return fault(placeAt(offset), `${path.join('.') || 'the file'}: ${issue.message}`);
    }),
  );
}

async function readIfThere(file: string): Promise<string | null | { message: string }> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return 'code' in error && error.code === 'ENOENT' ? null : { message: error.message };
  }
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
