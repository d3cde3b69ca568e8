import { err, ok } from '../../domain/index.ts';
import type { Diagnostic, Problem, Result } from '../../domain/index.ts';
import { parseFrontmatter } from '../frontmatter.ts';
import { sha256 } from '../hash.ts';
import { loadSpec } from '../load.ts';
import type { SpecLocation } from '../locate.ts';
import { readSource } from '../read.ts';
import { toSource } from '../source.ts';
import { writeAtomically } from '../write.ts';
import { layOut } from '../manifest.ts';
import { reorder } from './order.ts';

/** Rules that a new execution order answers. */
const ORDER = new Set([
  'order-not-derived',
  'dependency-order',
  'no-groups',
  'bad-group-mode',
  'empty-group',
  'duplicate-group',
  'group-order',
  'unknown-unit',
  'unit-in-no-group',
  'unit-in-two-groups',
]);

/**
 * Repairs what needs no judgement: makes the execution order anew from the dependencies, and `group:` of unit files with it. Answers the
 * files it changed; none when nothing was to be done or the dependencies themselves are at fault.
 */
export async function fixSpec(
  location: SpecLocation,
  findings: readonly Diagnostic[],
): Promise<Result<readonly string[], Problem>> {
  const { manifestFile } = location;
  if (!findings.some(({ rule, file }) => file === manifestFile && ORDER.has(rule))) return ok([]);
  const source = await readSource(manifestFile);
  const fixed = source.ok ? reorder(source.value) : null;
  if (!source.ok || fixed === null) return ok([]);
  const bytes = Buffer.from(fixed);
  const before = Buffer.from((source.value.bom ? '\uFEFF' : '') + source.value.text);
  if (bytes.equals(before)) return ok([]);
  const written = await writeAtomically(manifestFile, bytes, sha256(before));
  if (!written.ok) return written;
  const units = await fixGroups(location);
  return units.ok ? ok([manifestFile, ...units.value]) : units;
}

/** `group:` in the frontmatter of unit files, as the manifest now says. */
async function fixGroups(location: SpecLocation): Promise<Result<readonly string[], Problem>> {
  const changed: string[] = [];
  const { diagnostics } = await loadSpec(location);
  const manifest = await readSource(location.manifestFile);
  const layout = manifest.ok ? layOut(manifest.value, () => undefined) : null;
  for (const { rule, file, message } of diagnostics) {
    if (rule !== 'unit-file-disagrees' || !message.startsWith('`group`')) continue;
    const source = await readSource(file);
    if (!source.ok) return err(unreadable(file));
    const { text, bom } = source.value;
    const entry = parseFrontmatter(toSource(text, file), () => undefined).entries.get('group');
    const id = /([^/\\]+)\.md$/.exec(file)?.[1];
    const group = layout?.groups.find(({ units }) => units.some((unit) => unit.text === id));
    if (entry === undefined || group === undefined) continue;
    const mark = bom ? '\uFEFF' : '';
    const after = `${mark}${text.slice(0, entry.valueAt)}${String(group.number)}${text.slice(entry.valueEnd)}`;
    const written = await writeAtomically(
      file,
      Buffer.from(after),
      sha256(Buffer.from(mark + text)),
    );
    if (!written.ok) return written;
    changed.push(file);
  }
  return ok(changed);
}

const unreadable = (file: string): Problem => ({
  where: file,
  what: 'The file could not be read.',
  remedy: 'Run `implement-factory validate`.',
});
