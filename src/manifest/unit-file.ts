import type { AgentWish, Diagnostic } from '../domain/index.ts';
import { parseFrontmatter } from './frontmatter.ts';
import type { Entry } from './frontmatter.ts';
import type { DeclaredUnit } from './manifest.ts';
import { shown } from './settings.ts';
import { reportTo } from './source.ts';
import type { Source } from './source.ts';
import { readUnitAgent } from './unit-agent.ts';

/** What the frontmatter of a unit file says: against the manifest, key by key as present, and of who codes the unit. */
export function readUnitFile(
  source: Source,
  unit: DeclaredUnit,
): { readonly diagnostics: readonly Diagnostic[]; readonly agent: AgentWish | null } {
  const diagnostics: Diagnostic[] = [];
  const report = reportTo(source, diagnostics);
  const frontmatter = parseFrontmatter(source, report);
  for (const [key, entry] of frontmatter.entries) {
    const expected = EXPECTED.get(key)?.(entry, unit) ?? null;
    if (expected === null) continue;
    report(entry.valueAt, {
      rule: 'unit-file-disagrees',
      message: `\`${key}\` says ${shown(entry.value)}; the manifest says ${expected}.`,
    });
  }
  return { agent: readUnitAgent(source, frontmatter, report), diagnostics };
}

/** Null when both agree, else what the manifest says. */
type Compare = (entry: Entry, unit: DeclaredUnit) => string | null;

const sameId: Compare = ({ value }, { id }) => (String(value) === id ? null : `\`${id}\``);

const sameDependencies: Compare = ({ value }, { after }) => {
  const wanted = [...new Set(after)].sort();
  const found = [...new Set(idsOf(value))].sort();
  const same = wanted.length === found.length && wanted.every((id, index) => id === found[index]);
  return same ? null : wanted.length === 0 ? 'no dependencies' : `\`${wanted.join(', ')}\``;
};

const EXPECTED: ReadonlyMap<string, Compare> = new Map<string, Compare>([
  ['id', sameId],
  ['unit', sameId],
  [
    'title',
    ({ value }, { title }) => (plain(String(value)) === plain(title) ? null : shown(title)),
  ],
  ['dependencies', sameDependencies],
  ['after', sameDependencies],
  [
    'group',
    ({ value }, { group }) => (group === null || Number(value) === group ? null : `group ${group}`),
  ],
]);

const plain = (title: string): string =>
  title.replaceAll(/[`*]/g, '').replaceAll(/\s+/g, ' ').trim();

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** A list, words separated by commas, or a way to say that there is none. */
function idsOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const words = Array.isArray(value) ? value.map(asText) : asText(value).split(',');
  const ids = words.map((word) => word.trim()).filter((word) => word !== '');
  return ids.length === 1 && /^(?:none|no dependencies)$/i.test(ids[0] ?? '') ? [] : ids;
}
