import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/index.ts';
import type { Manifest } from '../../src/domain/index.ts';

const FILE = '/specs/001-x/manifest.md';

function valid(text: string): Manifest {
  const { manifest, diagnostics } = parseManifest(text, FILE);
  if (manifest === null) throw new Error(JSON.stringify(diagnostics, null, 1));
  return manifest;
}

const wrap = (lines: string, order = 'Group 1 (parallel): a') =>
  `---\ntitle: T\n---\n\n# T\n\n## Units\n\n${lines}\n\n## Execution Order\n\n${order}\n`;

test('frontmatter has its defaults, and says what it says', () => {
  const body =
    '## Units\n- [ ] a: A — no dependencies\n## Execution Order\nGroup 1 (parallel): a\n';
  expect(valid(`---\ntitle: "T: 1"\n---\n${body}`)).toMatchObject({
    title: 'T: 1',
    status: 'pending',
    threshold: 0.9,
    maxIterations: 5,
    service: { kind: 'undeclared' },
  });
  expect(
    valid(
      `---yaml\ntitle: T # about\nstatus: "in_progress"\nthreshold: 1\nmax_iterations: 2\nservice: none\nowner: me\n---\n${body}`,
    ),
  ).toMatchObject({
    status: 'in_progress',
    threshold: 1,
    maxIterations: 2,
    service: { kind: 'none' },
  });
  expect(
    valid(
      `---\ntitle: T\nservice:\n  start: npm start\n  port: 3000\n  env: { A: "1" }\n---\n${body}`,
    ).service,
  ).toEqual({ kind: 'declared', service: { start: 'npm start', port: 3000, env: { A: '1' } } });
});

describe('unit lines', () => {
  test.each([
    ['- [ ] a: A — no dependencies', 'A'],
    ['* [ ] a: A – no dependencies', 'A'],
    ['+ [ ] a: A - no dependencies.', 'A'],
    ['1. [ ] a: A — No  Dependencies', 'A'],
    ['- [ ] `a`: A — no dependencies', 'A'],
    ['- [ ] **a**: A — no dependencies', 'A'],
    ['- [ ] **a:** A — no dependencies', 'A'],
    ['- [ ] **a: A** — no dependencies', 'A'],
    ['- [ ] a: Time: now, then — and - later — no dependencies', 'Time: now, then — and - later'],
    ['- [ ] a: Tidy - after: the party — no dependencies', 'Tidy - after: the party'],
    ['- [ ] a: The `a`\n  command — no\n  dependencies', 'The `a` command'],
    ['- [ ] a: A — no dependencies <!-- for now -->', 'A'],
    ['- [ ] a: A — no dependencies\n\n  Details, and a checklist:\n\n  - [ ] not a unit', 'A'],
    ['- [ ] a: A — no dependencies\n  Details - after: all - in prose.', 'A'],
    ['- Note: prose\n- [ ] a: A — no dependencies', 'A'],
  ])('%s', (line, title) => {
    const { units } = valid(wrap(line));
    expect(units).toEqual([{ id: 'a', title, after: [], done: false }]);
  });

  test('boxes and dependencies', () => {
    const lines =
      '- [x] a: A — no dependencies\n- [X] b_: B — after: a\n- [ ] ü.c-3: C - AFTER: `a`, **b_**';
    const { units } = valid(
      wrap(lines, 'Group 1 (parallel): a\nGroup 2 (sequential): b_\nGroup 7 (parallel): ü.c-3'),
    );
    expect(units.map(({ id, after, done }) => ({ id, after, done }))).toEqual([
      { id: 'a', after: [], done: true },
      { id: 'b_', after: ['a'], done: true },
      { id: 'ü.c-3', after: ['a', 'b_'], done: false },
    ]);
  });
});

describe('group lines', () => {
  const units = '- [ ] a: A — no dependencies\n- [ ] b: B — no dependencies';
  const expected = [
    { number: 1, mode: 'parallel', units: ['a'] },
    { number: 2, mode: 'sequential', units: ['b'] },
  ];
  test.each([
    'Group 1 (parallel): a\nGroup 2 (sequential): b',
    'Group 1 (Parallel): a\n\nGroup 2 ( sequential ) : b',
    '- Group 1 (parallel): a\n- Group 2 (sequential): b',
    '1. **Group 1** (parallel): `a`\n2. **Group 2 (sequential):** `b`',
    '**Group 1 (parallel)**: a\n__Group 2 (sequential)__: **b**',
    'The groups run in ascending order:\nGroup 1 (parallel): a,\nGroup 2 (sequential): b',
    'Group 1 (parallel): a\nGroup 2 (sequential): b\n---',
    'Group 1 (parallel):\na\n\nGroup 2 (sequential): b'.replace(':\na', ': a'),
    '### Early\n\nGroup 1 (parallel): a\n\n### Late\n\nGroup 2 (sequential): b',
    'Group 1 (parallel): a <!-- , c -->\nGroup 2 (sequential): b',
  ])('%s', (order) => {
    expect(valid(wrap(units, order)).groups).toEqual(expected);
  });

  test('a list of units may go on behind a comma at the end of a line', () => {
    expect(valid(wrap(units, 'Group 4 (parallel): a,\n  b')).groups).toEqual([
      { number: 4, mode: 'parallel', units: ['a', 'b'] },
    ]);
  });
});

test('only the sections Units and Execution Order are read', () => {
  const text = [
    '---\r\ntitle: T\r\n---',
    '- [ ] zero: Before — no dependencies',
    '## Notes',
    '- [ ] ask: Somebody — after: nothing',
    'Group 9 (parallel): ask',
    '## 2. units:',
    '<!--\r\n- [ ] old: Gone — no dependencies\r\n-->',
    '### Core',
    '- [ ] a: A — no dependencies',
    '```\r\n- [ ] b: In a fence — no dependencies\r\n```',
    '> - [ ] c: Quoted — no dependencies',
    '# Open questions',
    '- [ ] why: Why — no dependencies',
    'Execution Order',
    '---------------',
    'Group 1 (parallel): a',
    '## Units of measure',
    '- [ ] m: Metre — no dependencies',
  ]
    .join('\r\n\r\n')
    .replace('Order\r\n\r\n---', 'Order\r\n---');
  const manifest = valid(text);
  expect(manifest.units.map((unit) => unit.id)).toEqual(['a']);
  expect(manifest.groups).toHaveLength(1);
});

test('a long list reads the same, whatever stands between its items', () => {
  const unit = (n: number) => `- [ ] u${n}: Unit ${n} — no dependencies`;
  const fence = `\`\`\`\n- [ ] fenced: F — no dependencies\n${`${'x'.repeat(99)}\n`.repeat(700)}\`\`\``;
  const aside = `<!--\n${'- [ ] aside: A — no dependencies\n'.repeat(2200)}-->`;
  const lines: string[] = [];
  for (let n = 0; n < 2400; n += 1) {
    lines.push(unit(n));
    if (n % 300 === 0) lines.push('  details\n\n  ```\n  - [ ] inner: I — no dependencies');
  }
  const half = lines.length / 2;
  const text = [...lines.slice(0, half), fence, aside, ...lines.slice(half)].join('\n');
  const ids = Array.from({ length: 2400 }, (_, n) => `u${n}`);
  const { units } = valid(wrap(text, `Group 1 (parallel): ${ids.join(', ')}`));
  expect(units.map((u) => u.id)).toEqual(ids);
});

test('a byte order mark and the end of lines make no difference', () => {
  const text = wrap('- [x] a: A — no dependencies');
  const plain = valid(text);
  expect(valid(`\uFEFF${text}`)).toEqual(plain);
  expect(valid(text.replaceAll('\n', '\r\n'))).toEqual(plain);
  const { diagnostics } = parseManifest(`\uFEFF${text.replace('title', 'titel')}`, FILE);
  expect(diagnostics.map((d) => [d.rule, d.line, d.column])).toEqual([
    ['title-missing', 1, 1],
    ['unknown-key', 2, 1],
  ]);
});

test.each([
  ['a million characters', 'x'.repeat(1_000_000)],
  ['a million spaces', `a${' '.repeat(1_000_000)}b`],
  ['a million dashes', `a ${'— '.repeat(500_000)}`],
  ['two hundred thousand clauses', `- [ ] q: Q ${'— after:'.repeat(200_000)}`],
  ['a million commas', `- [ ] q: Q — after: ${','.repeat(1_000_000)}`],
  ['a million brackets', 'a'.padEnd(1_000_000, '[')],
  ['a million stars', 'a'.padEnd(1_000_000, '*')],
  ['a million quotes', '> '.repeat(500_000)],
  ['a million comments', '<!---->'.repeat(150_000)],
  ['a million hashes', '# '.repeat(500_000)],
  ['three hundred thousand lines', '- [ ] b\n'.repeat(300_000)],
])('%s do not stall the parser', (_, line) => {
  const text = wrap(`- [ ] a: A — no dependencies\n${line}`, `Group 1 (parallel): a\n${line}`);
  const { diagnostics } = parseManifest(text, FILE);
  expect(diagnostics.every((d) => d.hint !== '')).toBe(true);
});
