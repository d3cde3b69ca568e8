import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lintSpec } from '../../src/manifest/index.ts';
import { FILES, lint, located, SCENARIO, shelfWith, textsOf } from './lint-rig.ts';

/** `file:line:column rule`, as findings of a spec with these changes. */
async function findings(changes: Readonly<Record<string, string>>): Promise<string[]> {
  const { dir, location } = await shelfWith(changes);
  return (await lint(location)).map(
    ({ file, line, column, rule }) => `${file.slice(dir.length + 1)}:${line}:${column} ${rule}`,
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
  const examples = join(import.meta.dirname, '../../examples');
  for (const number of ['001', '002', '003'])
    expect(await lint(await located(examples, number))).toEqual([]);
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

test('lint takes any prose', async () => {
  const { location } = await shelfWith({});
  const texts = await textsOf(location);
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
