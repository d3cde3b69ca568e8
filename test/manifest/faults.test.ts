import { describe, expect, test } from 'vitest';
import { RULES, parseManifest } from '../../src/manifest/index.ts';
import type { RuleId } from '../../src/manifest/index.ts';
import { FAULTS, head, one, order } from './faults.ts';

const FILE = '/specs/001-x/manifest.md';

const adjusted: Readonly<Record<string, readonly RuleId[]>> = {
  // A group that is not understood has no members.
  'bad-group-line': ['unit-in-no-group'],
  'duplicate-group': ['dependency-order'],
  'group-order': ['dependency-order'],
};

describe('a fault of the manifest is reported with place, rule and remedy', () => {
  test.each(FAULTS.map((row, index) => ({ ...row, index })))('$rule ($index)', (row) => {
    const at = row.text.indexOf('▼');
    const lines = row.text.slice(0, at).split('\n');
    const { manifest, diagnostics } = parseManifest(row.text.replace('▼', ''), FILE);
    const found = diagnostics.filter((d) => d.rule === row.rule);
    expect(found.map((d) => [d.file, d.line, d.column])).toEqual([
      [FILE, lines.length, (lines.at(-1) ?? '').length + 1],
    ]);
    expect(found[0]?.message).toMatch(/\.$/);
    if (row.says) expect(`${found[0]?.message} ${found[0]?.hint}`).toMatch(row.says);
    expect(found[0]?.hint).not.toBe('');
    expect(found[0]?.severity).toBe(RULES[row.rule].severity);
    expect(manifest === null).toBe(diagnostics.some((d) => d.severity === 'error'));
    const allowed = [row.rule, ...(row.also ?? []), ...(adjusted[row.rule] ?? [])];
    expect(
      diagnostics.map((d) => d.rule).filter((rule) => !allowed.includes(rule as RuleId)),
    ).toEqual([]);
  });
});

test('all faults are reported at once, in the order of the file', () => {
  const text = [
    '---',
    'status: finished',
    'threshold: 7',
    '---',
    '## Units',
    '- [ ] a: A',
    '- [ ] a: B — after: a, x',
    '- [x] c: C — after: c',
    '## Execution Order',
    '- Group 2 (parallel): a, y',
    '- Group 1 (either): a',
    '',
  ].join('\r\n');
  const { diagnostics, declared } = parseManifest(text, FILE);
  expect(diagnostics.map((d) => `${d.line}:${d.column} ${d.rule}`)).toEqual([
    '1:1 title-missing',
    '2:9 bad-status',
    '3:12 bad-threshold',
    '6:11 missing-dependency-clause',
    '7:7 duplicate-unit',
    '8:7 unit-in-no-group',
    '8:21 self-dependency',
    '10:26 unknown-unit',
    '11:3 group-order',
    '11:12 bad-group-mode',
    '11:21 unit-in-two-groups',
  ]);
  expect(declared.map((unit) => unit.id)).toEqual(['a', 'c']);
});

test('a near miss is named', () => {
  const { diagnostics } = parseManifest(
    `${head}## Units\n- [ ] store: S — no dependencies\n## Execution Order\nGroup 1 (parallel): stroe\n`,
    FILE,
  );
  expect(diagnostics.find((d) => d.rule === 'unknown-unit')?.hint).toContain('`store`');
});

test('frontmatter marked as JavaScript is refused and never runs', () => {
  const key = '__implementFactoryFrontmatterRan';
  for (const language of ['js', 'javascript', ' JS ', 'coffee', 'cson']) {
    const text = `---${language}\n(globalThis.${key} = true, { title: 'T' })\n---\n${one}${order}`;
    const { manifest, diagnostics } = parseManifest(text, FILE);
    expect(manifest).toBeNull();
    expect(diagnostics.map((d) => d.rule)).toEqual(['frontmatter-language']);
  }
  expect(key in globalThis).toBe(false);
});
