import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '../../src/manifest/index.ts';

test('every rule has a section in docs/rules.md that gives its remedy, and no section is left over', async () => {
  const docs = await readFile(join(import.meta.dirname, '../../docs/rules.md'), 'utf8');
  const [, ...sections] = docs.split(/^## (?=[a-z-]+$)/m);
  const remedies = sections.map((section) => [
    section.split('\n')[0],
    /^- Remedy: ([^]*?)\n*$/m.exec(section)?.[1]?.replaceAll(/\s+/g, ' ').trim(),
  ]);
  expect(Object.fromEntries(remedies)).toEqual(
    Object.fromEntries(Object.entries(RULES).map(([id, { hint }]) => [id, hint])),
  );
});
