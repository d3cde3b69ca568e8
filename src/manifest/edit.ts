import { err, ok } from '../domain/index.ts';
import type { ManifestStatus, Problem, Result, UnitId } from '../domain/index.ts';
import { parseFrontmatter } from './frontmatter.ts';
import type { Frontmatter } from './frontmatter.ts';
import { layOut } from './manifest.ts';
import type { Layout } from './manifest.ts';
import { decode } from './read.ts';
import type { Source } from './source.ts';

export interface Edit {
  /** Units whose box is to be ticked. */
  readonly tick: readonly UnitId[];
  readonly status: ManifestStatus;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A manifest that was edited. */
export interface Edited {
  readonly bytes: Buffer;
  /** Units to tick that have no line in it. */
  readonly missing: readonly UnitId[];
}

/** The same manifest with boxes ticked and the status set, every other byte as it was; each unit to tick has a line. Pure. */
export function editManifest(manifest: string | Uint8Array, edit: Edit): Result<Buffer, Problem> {
  const edited = editCopy(manifest, edit);
  if (!edited.ok) return edited;
  const { bytes, missing } = edited.value;
  if (missing.length === 0) return ok(bytes);
  return refuse(
    `The manifest has no unit \`${missing.join('`, `')}\`.`,
    'Run `validate`: the manifest changed since it was read.',
  );
}

/** The same edit of a copy that a person may have changed: units that it no longer has are told. Pure. */
export function editCopy(manifest: string | Uint8Array, edit: Edit): Result<Edited, Problem> {
  const bytes = typeof manifest === 'string' ? Buffer.from(manifest) : Buffer.from(manifest);
  const source = decode(bytes, 'manifest.md');
  if (!source.ok) return refuse(source.error.message, source.error.hint);
  const layout = layOut(source.value, () => undefined);
  if (layout === null)
    return refuse(
      'The manifest is too complex to be edited.',
      'Run `validate` and correct what it says.',
    );
  const ticks = ticksOf(layout, edit.tick);
  const status = statusChange(source.value, layout.frontmatter, edit.status);
  if (status === 'impossible')
    return refuse(
      'The status cannot be set without rewriting the frontmatter.',
      'Write `status: pending` on a line of its own.',
    );
  const edited = apply(source.value.text, [...ticks.changes, ...status]);
  const result = Buffer.from((source.value.bom ? '\uFEFF' : '') + edited);
  const check = decode(result, 'manifest.md');
  // Boxes are single letters that cannot move anything; what a changed line of YAML says is read again.
  const after = check.ok ? parseFrontmatter(check.value, () => undefined) : null;
  if (after?.entries.get('status')?.value !== edit.status) {
    return refuse(
      'The status cannot be set without rewriting the frontmatter.',
      'Write `status: pending` on a line of its own.',
    );
  }
  return ok({ bytes: result, missing: ticks.missing });
}

const refuse = (what: string, remedy: string) => err({ where: 'manifest.md', what, remedy });

function ticksOf(
  { units }: Layout,
  tick: readonly UnitId[],
): { changes: Change[]; missing: UnitId[] } {
  const wanted = new Set<string>(tick);
  const found = units.filter((unit) => wanted.has(unit.id));
  const ids = new Set(found.map((unit) => unit.id));
  return {
    changes: found
      .filter((unit) => !unit.done)
      .map(({ box }) => ({ start: box, end: box + 1, text: 'x' })),
    missing: tick.filter((id) => !ids.has(id)),
  };
}

/** Replaces the value within its quotes, fills in a key without value, or adds a line before the closing fence. */
function statusChange(
  { text }: Source,
  frontmatter: Frontmatter,
  status: ManifestStatus,
): Change[] | 'impossible' {
  const entry = frontmatter.entries.get('status');
  if (entry?.value === status) return [];
  if (entry === undefined) {
    if (frontmatter.start === 0) return 'impossible';
    const at = frontmatter.end + 1;
    const newline = text[frontmatter.end - 1] === '\r' ? '\r\n' : '\n';
    const [first] = frontmatter.entries.values();
    const lineStart = first === undefined ? 0 : text.lastIndexOf('\n', first.keyAt) + 1;
    const indent = /^[ ]*/.exec(text.slice(lineStart, first?.keyAt ?? 0))?.[0] ?? '';
    return [{ start: at, end: at, text: `${indent}status: ${status}${newline}` }];
  }
  if (entry.valueAt === entry.valueEnd) {
    const at = text.indexOf(':', entry.keyEnd) + 1;
    return [{ start: at, end: at, text: ` ${status}` }];
  }
  const old = text.slice(entry.valueAt, entry.valueEnd);
  const quote = /^(['"]).*\1$/.exec(old)?.[1] ?? '';
  if (/[\n|>]/.test(old)) return 'impossible';
  return [{ start: entry.valueAt, end: entry.valueEnd, text: `${quote}${status}${quote}` }];
}

function apply(text: string, changes: readonly Change[]): string {
  let result = '';
  let from = 0;
  for (const change of changes.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(from, change.start) + change.text;
    from = change.end;
  }
  return result + text.slice(from);
}
