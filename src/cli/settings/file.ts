import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import {
  err,
  ok,
  ServiceDeclaration,
  type Diagnostic,
  type Place,
  type Result,
} from '../../domain/index.ts';
import { closest, issueText, readSource, valueAt } from '../../manifest/index.ts';
import { saidOfService } from './layers.ts';
import { schemaOf } from './reading.ts';
import { SETTING_NAMES, SETTINGS, type Said, type SettingName } from './table.ts';

type Read<T> = Result<T, readonly Diagnostic[]>;

/** What `.start/factory.yaml` says, and where. */
export interface FactoryFile {
  readonly said: Said;
  readonly places: Readonly<Partial<Record<SettingName, Place>>>;
}

const NOTHING: FactoryFile = { said: {}, places: {} };

/** A key of the file for every setting; those of the service stand in a block. */
const Shape = z.strictObject({
  ...Object.fromEntries(
    SETTING_NAMES.filter((name) => !SETTINGS[name].key.startsWith('service')).map((name) => {
      const { key, kind, about: description } = SETTINGS[name];
      return [key, schemaOf(kind).optional().meta({ description })];
    }),
  ),
  service: z
    .union([z.literal('none'), ServiceDeclaration])
    .optional()
    .meta({ description: 'how the service under test is started, or `none`' }),
});

/** JSON Schema of the file for editors, published in docs/factory.schema.json. */
export const factorySchema = (): object => z.toJSONSchema(Shape, { io: 'input' });

/** Relative to the project. */
export const FACTORY_FILE = join('.start', 'factory.yaml');

/** Reads `.start/factory.yaml`; of a project without one, nothing. Every fault comes with its place. */
export async function readFactoryFile(project: string): Promise<Read<FactoryFile>> {
  const file = join(project, FACTORY_FILE);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return ok(NOTHING);
  const source = await readSource(file);
  if (!source.ok) return source.error.rule === 'file-empty' ? ok(NOTHING) : err([source.error]);
  return parse(source.value.text, file);
}

function parse(text: string, file: string): Read<FactoryFile> {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faultAt = (offset: number, message: Message): Diagnostic => ({
    ...placeAt(offset),
    rule: 'factory-file',
    severity: 'error',
    ...message,
  });
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    if (document.errors.length > 0)
      return err(
        document.errors.map(({ pos: [offset], message }) => faultAt(offset, notYaml(message))),
      );
    const data: unknown = document.toJS({ maxAliasCount: 50 }) ?? {};
    const parsed = Shape.safeParse(data);
    if (parsed.success) return ok(saidBy(parsed.data, (path) => placeAt(offsetOf(document, path))));
    const faults = parsed.error.issues
      .flatMap((issue) => opened(issue, data))
      .map(({ path, said }) => faultAt(offsetOf(document, path), said));
    return err(faults.toSorted((a, b) => a.line - b.line || a.column - b.column));
  } catch (error) {
    // The library throws for bombs of aliases and for nesting beyond its stack; both are the file's fault.
    return err([faultAt(0, notYaml(error instanceof Error ? error.message : String(error)))]);
  }
}

function saidBy(
  { service, ...data }: z.infer<typeof Shape>,
  placeOf: (path: Path) => Place,
): FactoryFile {
  const block =
    service === undefined
      ? {}
      : saidOfService(service === 'none' ? { kind: 'none' } : { kind: 'declared', service });
  const values: Readonly<Record<string, unknown>> = data;
  const plain = SETTING_NAMES.filter((name) => values[SETTINGS[name].key] !== undefined);
  const said: Said = {
    ...Object.fromEntries(plain.map((name) => [name, values[SETTINGS[name].key]])),
    ...block,
  };
  const places = SETTING_NAMES.filter((name) => said[name] !== undefined).map((name) => [
    name,
    placeOf(SETTINGS[name].key.split('.')),
  ]);
  return { said, places: Object.fromEntries(places) as FactoryFile['places'] };
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
type Message = Pick<Diagnostic, 'message' | 'hint'>;

const notYaml = (message: string): Message => ({
  message: `This is not valid YAML: ${message.split('\n')[0]?.replace(/[.:]$/, '') ?? ''}.`,
  hint: 'Write lines of `key: value`; quote a value that holds `: `, `#` or begins with a special character.',
});

/** What a person should hear of an issue; `path` leads to the key or value that it is about. */
function opened(issue: Issue, data: unknown): readonly { path: Path; said: Message }[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], said: unknownKey(path, key) }));
  if (issue.code !== 'invalid_union')
    return [{ path, said: { message: named(path, issueText(issue, valueAt(data, path))), hint } }];
  // Of a value that may be a word or a block: what keeps it from being the block that it looks like.
  const block = issue.errors.find((issues) =>
    issues.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  const either = 'It must be `none`, or a block with `start:`.';
  if (block === undefined) return [{ path, said: { message: named(path, either), hint } }];
  return block.flatMap((inner) => opened({ ...inner, path: [...path, ...inner.path] }, data));
}

const named = (path: Path, message: string): string =>
  path.length === 0 ? message : `\`${path.join('.')}\`: ${message}`;

const hint = 'Correct the value, or leave the key out.';

function unknownKey(path: Path, key: string): Message {
  const known = Object.keys((path.length === 0 ? Shape : ServiceDeclaration).shape);
  const near = closest(key, known);
  return {
    message: `There is no key \`${[...path, key].join('.')}\`.`,
    hint:
      near === null
        ? `Known keys${path.length === 0 ? '' : ` of \`${path.join('.')}\``}: ${known.join(', ')}.`
        : `Did you mean \`${near}\`?`,
  };
}

/** Offset of a key, of its value where it has none, or of the block that it is missing from. */
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
