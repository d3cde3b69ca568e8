import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unitId } from '../../src/domain/index.ts';
import { FILES, load } from './spec-directory.ts';

test('a valid directory becomes a spec', async () => {
  const { spec, diagnostics, dir } = await load(FILES);
  expect(diagnostics).toEqual([]);
  expect(Object.fromEntries(spec?.unitFiles ?? [])).toEqual({
    api: join(dir, 'units/api.md'),
    cart: join(dir, 'units/cart.md'),
  });
  expect([...(spec?.scenarios.values() ?? [])].flat()).toEqual([
    {
      unit: 'api',
      name: 'lists',
      title: 'Lists things',
      priority: 'P0',
      sealed: false,
      file: join(dir, 'scenarios/api/lists.md'),
    },
    {
      unit: 'cart',
      name: 'adds-one',
      title: 'Adds one',
      priority: 'P2',
      sealed: false,
      file: join(dir, 'scenarios/cart/adds-one.md'),
    },
    {
      unit: 'cart',
      name: 'empties',
      title: 'Empties',
      priority: 'P0',
      sealed: false,
      file: join(dir, 'scenarios/cart/empties.md'),
    },
    {
      unit: 'cart',
      name: 'no-heading',
      title: 'no-heading',
      priority: 'P1',
      sealed: false,
      file: join(dir, 'scenarios/cart/no-heading.md'),
    },
  ]);
});

test('stubs are found by file name or by title and carry setup, language and priority', async () => {
  const text = [
    '---',
    'unit: cart',
    'framework: node:test',
    '---',
    '# Stubs of the cart',
    '## Setup',
    'Read this:',
    '```js',
    'const base = 1;',
    '```',
    '## Stubs',
    '### empties.md',
    '```ts',
    'test.skip("e", () => {});',
    '```',
    '### Adds one (P0)',
    'Some prose.',
    '~~~sh title=x',
    'curl',
    '~~~',
    '### no-heading',
    '```',
    'plain',
    '```',
    '',
  ].join('\n');
  const {
    stubs: found,
    spec,
    diagnostics,
    dir,
  } = await load({ ...FILES, 'scenarios/cart/e2e-stubs.md': text });
  expect(diagnostics).toEqual([]);
  expect(Object.fromEntries(found)).toEqual({
    cart: {
      framework: 'node:test',
      setup: { lang: 'js', code: 'const base = 1;' },
      stubs: [
        { scenario: 'empties', priority: 'P0', lang: 'ts', code: 'test.skip("e", () => {});' },
        { scenario: 'adds-one', priority: 'P0', lang: 'sh', code: 'curl' },
        { scenario: 'no-heading', priority: 'P1', lang: null, code: 'plain' },
      ],
    },
  });
  expect(Object.fromEntries(spec?.stubFiles ?? [])).toEqual({
    cart: join(dir, 'scenarios/cart/e2e-stubs.md'),
  });
  expect(
    [...(spec?.scenarios.values() ?? [])].flat().map((scenario) => scenario.name),
  ).not.toContain('e2e-stubs');
});

test('a scenario has the priority it says, else that of its stub; and may be sealed', async () => {
  const { spec, diagnostics } = await load({
    ...FILES,
    'scenarios/api/a.md': '# A',
    'scenarios/api/b.md': '---\npriority: P2\nsealed: true\n---\n# B',
    'scenarios/api/e2e-stubs.md': `## Stubs\n\n### a (P0)\n\n${FENCE}\n\n### b (P0)\n\n${FENCE}\n`,
  });
  expect(diagnostics).toEqual([]);
  const told = (spec?.scenarios.get(unitId('api')) ?? []).map(({ name, priority, sealed }) => [
    name,
    priority,
    sealed,
  ]);
  expect(told).toEqual([
    ['a', 'P0', false],
    ['b', 'P2', true],
    ['lists', 'P0', false],
  ]);
});

const FENCE = '```js\nx\n```';
