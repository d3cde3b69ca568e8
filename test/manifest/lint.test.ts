import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixSpec, lintSpec, loadSpec, readTexts, resolveSpec } from '../../src/manifest/index.ts';
import { temporaryDirectory, writeFiles } from './spec-directory.ts';

const SCENARIO = `# A book comes back (P0)

## When

\`DELETE http://localhost:3000/books/1\` is sent.

## Then

The status is 204.
`;

/** A spec of two units that lint has nothing to say about. */
const FILES = {
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

async function at(changes: Readonly<Record<string, string>>) {
  const project = await temporaryDirectory();
  const dir = join(project, '.start/specs/001-shelf');
  await writeFiles(dir, { ...FILES, ...changes });
  const location = await resolveSpec(project, '001');
  if (!location.ok) throw new Error(location.error.what);
  return { dir, location: location.value };
}

async function lint({ location }: Awaited<ReturnType<typeof at>>) {
  const { spec, stubs, diagnostics } = await loadSpec(location);
  if (spec === null) throw new Error(JSON.stringify(diagnostics));
  const texts = await readTexts(spec, stubs);
  if (texts === null) throw new Error('no texts');
  return lintSpec(texts);
}

/** `file:line:column rule`, as findings of a spec with these changes. */
async function findings(changes: Readonly<Record<string, string>>): Promise<string[]> {
  const spec = await at(changes);
  return (await lint(spec)).map(
    ({ file, line, column, rule }) =>
      `${file.slice(spec.dir.length + 1)}:${line}:${column} ${rule}`,
  );
}

const unit = (text: string) => ({ 'units/shelf-core.md': `# The shelf\n\n${text}\n` });
const scenario = (then: string) => ({
  'scenarios/shelf-core/back.md': SCENARIO.replace('The status is 204.', then),
});
const stubs = (heading: string, name: string) => ({
  'scenarios/shelf-core/e2e-stubs.md': `---\nframework: node:test\n---\n## Stubs\n\n### ${heading}\n\n\`\`\`js\ntest('${name}', () => {});\n\`\`\`\n`,
});

test('a good spec has no findings, and the bundled ones are good', async () => {
  expect(await findings({})).toEqual([]);
  for (const number of ['001', '002', '003']) {
    const examples = join(import.meta.dirname, '../../examples');
    const location = await resolveSpec(examples, number);
    if (!location.ok) throw new Error(location.error.what);
    expect(await lint({ dir: '', location: location.value })).toEqual([]);
  }
});

const CASES: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    'a requirement that nothing serves',
    { 'requirements.md': '# Requirements\n\n- **R1** Books.\n- **R2** Loans.\n- **R3** Notes.\n' },
    ['requirements.md:5:5 requirement-uncovered'],
  ],
  [
    'requirements as headings and rows, served by a range',
    {
      'requirements.md':
        '## REQ-1: Books\n\n| id | what |\n| --- | --- |\n| REQ-2 | Loans |\n| REQ-3 | x |\n',
      'solution.md': '- shelf-core: REQ-1 to REQ-3\n',
      'units/lending-desk.md': '# Lending\n',
    },
    [],
  ],
  [
    'a requirement that is not there',
    { 'units/lending-desk.md': '---\nrequirements: [R2, R9]\n---\n# Lending\n' },
    ['units/lending-desk.md:2:20 unknown-requirement'],
  ],
  [
    'requirements without ids',
    { 'requirements.md': 'Books and loans.\n', 'units/lending-desk.md': '# Lending\n' },
    ['requirements.md:1:1 requirements-without-ids'],
  ],
  [
    'no P0',
    { 'scenarios/shelf-core/back.md': SCENARIO.replace(' (P0)', '') },
    ['manifest.md:7:1 unit-without-p0'],
  ],
  [
    'acceptance criteria',
    unit('## Acceptance criteria\n\n- It lists.'),
    ['units/shelf-core.md:3:1 acceptance-criteria-in-unit'],
  ],
  [
    'a scenario in a unit file',
    unit('- Given a book\n- When it is lent\n- Then it is gone'),
    ['units/shelf-core.md:3:1 acceptance-criteria-in-unit'],
  ],
  [
    'hints',
    unit('Hint: sort them.\n\n## Implementation notes\n\nYou should use express.'),
    [
      'units/shelf-core.md:3:1 implementation-hint',
      'units/shelf-core.md:5:1 implementation-hint',
      'units/shelf-core.md:7:1 implementation-hint',
    ],
  ],
  [
    'code with a body, but not a signature',
    unit(
      '```ts\nfunction add(a: number): number;\n```\n\n```js\nfunction add(a) {\n  return a + 1;\n}\n```',
    ),
    ['units/shelf-core.md:7:1 implementation-hint'],
  ],
  [
    'words of a scenario of another unit',
    {
      ...unit('Whoever asks twice for the same\nbook gets it only once a day.'),
      'scenarios/lending-desk/loan.md': `${SCENARIO}\nA reader who asks twice for the same book gets it only once.\n`,
    },
    ['units/shelf-core.md:3:9 scenario-wording-in-unit'],
  ],
  [
    'the same message in code is an interface',
    {
      ...unit('It says `the book you asked for is with another reader`.'),
      ...scenario('The text is `the book you asked for is with another reader`.'),
    },
    [],
  ],
  [
    'names from inside',
    scenario(
      '`src/books.js` holds 1 book, as shelf-core and ./lib/x.ts say; Node.js and GET /app.js are fine.',
    ),
    [
      'scenarios/shelf-core/back.md:9:2 internal-name-in-scenario',
      'scenarios/shelf-core/back.md:9:33 internal-name-in-scenario',
      'scenarios/shelf-core/back.md:9:48 internal-name-in-scenario',
    ],
  ],
  [
    'what can mean anything',
    scenario('It works correctly, with an appropriate error.'),
    [
      'scenarios/shelf-core/back.md:9:4 vague-expectation',
      'scenarios/shelf-core/back.md:9:29 vague-expectation',
    ],
  ],
  [
    'nothing to compare',
    scenario('The book is gone.'),
    ['scenarios/shelf-core/back.md:7:8 vague-expectation'],
  ],
  [
    'what no check can see',
    scenario('1 row is in the database, an e-mail is sent, and after 2 minutes the colour is red.'),
    [
      'scenarios/shelf-core/back.md:9:17 not-observable',
      'scenarios/shelf-core/back.md:9:30 not-observable',
      'scenarios/shelf-core/back.md:9:56 not-observable',
      'scenarios/shelf-core/back.md:9:70 not-observable',
    ],
  ],
  [
    'no way in',
    { 'scenarios/shelf-core/back.md': '# A book comes back (P0)\n\nThen there is 1 book.\n' },
    ['scenarios/shelf-core/back.md:1:1 not-observable'],
  ],
  [
    'unit ids in stubs',
    stubs('back', 'shelf-core takes it back'),
    ['scenarios/shelf-core/e2e-stubs.md:9:1 unit-id-in-stub'],
  ],
  ['stubs named after behaviour', stubs('back', 'a book comes back'), []],
  [
    'a unit that waits for nothing',
    { 'manifest.md': FILES['manifest.md'].replace('after: shelf-core', 'no dependencies') },
    ['manifest.md:13:23 order-not-derived'],
  ],
  ['left for later', unit('TODO write this'), ['units/shelf-core.md:3:1 unfinished']],
  [
    'allowed, with a reason',
    unit('<!-- Not ours. lint: allow unfinished -->\nTODO write this'),
    [],
  ],
];

describe('lint finds', () => {
  test.each(CASES)('%s', async (_name, changes, expected) => {
    expect(await findings(changes)).toEqual(expected);
  });
});

describe('lint --fix', () => {
  const units = (...lines: string[]) =>
    ['---', 'title: X', '---', '## Units', ...lines, '', '## Execution Order', ''].join('\n');
  const A = '- [ ] shelf-core: A — no dependencies';
  const B = '- [x] lending-desk: B — after: shelf-core';

  async function fixed(manifest: string, more: Readonly<Record<string, string>> = {}) {
    const spec = await at({ 'manifest.md': manifest, ...more });
    const before = await loadSpec(spec.location);
    const diagnostics = before.spec === null ? before.diagnostics : await lint(spec);
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
    expect(await lint(spec)).toEqual([]);
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

test('lint takes any prose', async () => {
  const spec = await at({});
  const { spec: loaded, stubs: parsed } = await loadSpec(spec.location);
  const texts = loaded === null ? null : await readTexts(loaded, parsed);
  if (texts === null) throw new Error('no texts');
  const [first] = texts.units;
  if (first === undefined) throw new Error('no unit');
  const pieces = fc.constantFrom(
    '`',
    '```\n',
    '# Then\n',
    'Given ',
    'then ',
    'R1',
    '–',
    '\n\n',
    'src/a.ts',
    '<!--',
    '-->',
    '| ',
    'a word ',
  );
  fc.assert(
    fc.property(
      fc.array(pieces).map((list) => list.join('')),
      (text) => {
        const source = { ...first.spec, text };
        const found = lintSpec({
          ...texts,
          requirements: source,
          units: [
            {
              ...first,
              spec: source,
              scenarios: first.scenarios.map((each) => ({ ...each, source })),
            },
          ],
        });
        return found.every(({ line, column }) => line >= 1 && column >= 1);
      },
    ),
  );
});
