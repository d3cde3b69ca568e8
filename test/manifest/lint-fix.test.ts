import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixSpec, loadSpec } from '../../src/manifest/index.ts';
import { FILES, lint, shelfWith } from './lint-rig.ts';

describe('lint --fix', () => {
  const units = (...lines: string[]) =>
    ['---', 'title: X', '---', '## Units', ...lines, '', '## Execution Order', ''].join('\n');
  const A = '- [ ] shelf-core: A — no dependencies';
  const B = '- [x] lending-desk: B — after: shelf-core';

  async function fixed(manifest: string, more: Readonly<Record<string, string>> = {}) {
    const spec = await shelfWith({ 'manifest.md': manifest, ...more });
    const before = await loadSpec(spec.location);
    const diagnostics = before.spec === null ? before.diagnostics : await lint(spec.location);
    const changed = await fixSpec(spec.location, diagnostics);
    expect(changed.ok).toBe(true);
    return { spec, text: await readFile(spec.location.manifestFile, 'utf8'), changed };
  }

  test.each([
    ['both in one group', 'Group 1 (parallel): shelf-core, lending-desk'],
    [
      'in the wrong order',
      '- Group 1 (sequential): lending-desk\n- Group 2 (sequential): shelf-core',
    ],
    ['one nowhere', '**Group 1 (parallel):** shelf-core'],
    [
      'twice, and a stranger',
      'Group 7 (parallel): shelf-core, nobody\nGroup 7 (parallel): shelf-core\nGroup 3 (parallel): lending-desk',
    ],
    ['no group at all', 'Prose.'],
  ])('makes the order anew: %s', async (_name, order) => {
    const { spec, text } = await fixed(`${units(A, B)}${order}\n\nThe end.\n`);
    expect(text).toContain(`${A}\n${B}`);
    expect(text.trimEnd()).toMatch(/The end\.$/);
    const { spec: loaded } = await loadSpec(spec.location);
    expect(loaded?.manifest.groups.map((group) => group.units)).toEqual([
      ['shelf-core'],
      ['lending-desk'],
    ]);
  });

  test('keeps every other byte, line ends and mark included', async () => {
    const text =
      `\uFEFF${units(A, B)}Group 1 (parallel): shelf-core, lending-desk\n\n# Notes é\n`.replaceAll(
        '\n',
        '\r\n',
      );
    const after = await fixed(text);
    expect(after.text).toBe(
      text.replace(
        'Group 1 (parallel): shelf-core, lending-desk',
        'Group 1 (parallel): shelf-core\r\nGroup 2 (parallel): lending-desk',
      ),
    );
  });

  test('brings `group:` of unit files along', async () => {
    const { spec, changed } = await fixed(
      FILES['manifest.md'].replace('after: shelf-core', 'no dependencies'),
      { 'units/lending-desk.md': '---\ngroup: 2 # late\nrequirements: [R2]\n---\n# Lending\n' },
    );
    expect(changed).toMatchObject({
      value: [expect.any(String), join(spec.dir, 'units/lending-desk.md')],
    });
    expect(await readFile(join(spec.dir, 'units/lending-desk.md'), 'utf8')).toContain(
      'group: 1 # late',
    );
    expect(await lint(spec.location)).toEqual([]);
  });

  test('leaves alone what it cannot know: a circle, an unknown dependency', async () => {
    for (const line of [
      '- [ ] lending-desk: B — after: nobody',
      '- [ ] lending-desk: B — after: lending-desk',
    ]) {
      const text = `${units(A, line)}Group 1 (parallel): lending-desk, shelf-core, shelf-core\n`;
      expect((await fixed(text)).text).toBe(text);
    }
  });
});
