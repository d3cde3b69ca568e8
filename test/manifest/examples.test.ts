import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadSpec, resolveSpec } from '../../src/manifest/index.ts';

const examples = resolve(import.meta.dirname, '../../examples');

test('every example is a valid spec without a warning', async () => {
  const names = await readdir(join(examples, '.start/specs'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const location = await resolveSpec(examples, name);
    if (!location.ok) throw new Error(location.error.what);
    const { spec, diagnostics } = await loadSpec(location.value);
    expect({ name, diagnostics }).toEqual({ name, diagnostics: [] });
    expect(spec?.manifest.units.length).toBeGreaterThan(0);
    for (const scenarios of spec?.scenarios.values() ?? []) {
      for (const scenario of scenarios) expect(scenario.title).not.toBe(scenario.name);
    }
  }
});
