import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LINT_RULES, RULES } from '../../src/manifest/index.ts';

test.each([
  ['rules.md', RULES],
  ['lint.md', LINT_RULES],
])(
  'every rule has a section in docs/%s that gives its remedy, and no section is left over',
  async (file, rules: Readonly<Record<string, { readonly hint: string }>>) => {
    const docs = await readFile(join(import.meta.dirname, '../../docs', file), 'utf8');
    const [, ...sections] = docs.split(/^## (?=[a-z0-9-]+$)/m);
    const remedies = sections.map((section) => [
      section.split('\n')[0],
      /^- Remedy: ([^]*?)\n*$/m.exec(section)?.[1]?.replaceAll(/\s+/g, ' ').trim(),
    ]);
    expect(Object.fromEntries(remedies)).toEqual(
      Object.fromEntries(Object.entries(rules).map(([id, { hint }]) => [id, hint])),
    );
  },
);
