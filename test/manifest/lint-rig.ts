import { join } from 'node:path';
import type { Diagnostic } from '../../src/domain/index.ts';
import { lintSpec, loadSpec, readTexts, resolveSpec } from '../../src/manifest/index.ts';
import type { SpecLocation, SpecTexts } from '../../src/manifest/index.ts';
import { temporaryDirectory, writeFiles } from './spec-directory.ts';

/** A scenario that lint has nothing to say about. */
export const SCENARIO = `# A book comes back (P0)

## When

\`DELETE http://localhost:3000/books/1\` is sent.

## Then

The status is 204.
`;

/** A spec of two units that lint has nothing to say about. */
export const FILES = {
  'manifest.md': `---
title: Shelf
---

## Units

- [ ] shelf-core: The shelf — no dependencies
- [ ] lending-desk: Lending — after: shelf-core

## Execution Order

Group 1 (sequential): shelf-core
Group 2 (sequential): lending-desk
`,
  'requirements.md': '# Requirements\n\n- **R1** Books.\n- **R2** Loans.\n',
  'solution.md': '| unit | serves |\n| --- | --- |\n| shelf-core | R1 |\n',
  'units/shelf-core.md': '# The shelf\n\n`GET /books` lists what is there.\n',
  'units/lending-desk.md':
    '---\nrequirements: [R2]\n---\n# Lending\n\nA book is with one reader at a time.\n',
  'scenarios/shelf-core/back.md': SCENARIO,
  'scenarios/lending-desk/loan.md': SCENARIO,
};

/** The spec with these changes, in a project of its own. */
export async function shelfWith(
  changes: Readonly<Record<string, string>>,
): Promise<{ dir: string; location: SpecLocation }> {
  const project = await temporaryDirectory();
  const dir = join(project, '.start/specs/001-shelf');
  await writeFiles(dir, { ...FILES, ...changes });
  return { dir, location: await located(project, '001') };
}

/** Where a spec is that must be there. */
export async function located(project: string, name: string): Promise<SpecLocation> {
  const location = await resolveSpec(project, name);
  if (!location.ok) throw new Error(location.error.what);
  return location.value;
}

/** The texts of a spec that can be loaded. */
export async function textsOf(location: SpecLocation): Promise<SpecTexts> {
  const { spec, stubs, diagnostics } = await loadSpec(location);
  if (spec === null) throw new Error(JSON.stringify(diagnostics));
  const texts = await readTexts(spec, stubs);
  if (texts === null) throw new Error('no texts');
  return texts;
}

/** What lint says of it. */
export const lint = async (location: SpecLocation): Promise<readonly Diagnostic[]> =>
  lintSpec(await textsOf(location));
