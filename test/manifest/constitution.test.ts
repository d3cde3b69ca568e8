import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseConstitution } from '../../src/manifest/constitution.ts';
import { toSource } from '../../src/manifest/source.ts';

const parse = (text: string) => parseConstitution(toSource(text, 'CONSTITUTION.md'));
const block = (yaml: string) => `\`\`\`yaml\n${yaml}\n\`\`\`\n`;

/** `line:column message` of what is skipped. */
const faultsIn = (text: string) =>
  parse(text).diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('rules', () => {
  it('are yaml blocks with a level, named by the heading above; everything else is prose', () => {
    const { rules, diagnostics } = parse(`# Law

Prose with \`level: L1\`.

## No eval

${block('level: L1\npattern: \\beval\\(\nscope: "src/**/*.{js,ts}, lib/**"\nexclude: ["src/x/**"]\nmessage: Never')}
${block('name: Kind\nlevel: L2\ncheck: Are the words kind?')}
${block('an: example of something else')}
\`\`\`js
level: L1
\`\`\`
`);
    expect(diagnostics).toEqual([]);
    expect(rules).toEqual([
      {
        name: 'No eval',
        level: 'L1',
        by: { kind: 'pattern', pattern: '\\beval\\(' },
        scope: ['src/**/*.{js,ts}', 'lib/**'],
        exclude: ['src/x/**'],
        message: 'Never',
        place: { file: 'CONSTITUTION.md', line: 8, column: 1 },
      },
      {
        name: 'Kind',
        level: 'L2',
        by: { kind: 'check', question: 'Are the words kind?' },
        scope: ['**'],
        exclude: [],
        message: 'Kind',
        place: { file: 'CONSTITUTION.md', line: 16, column: 1 },
      },
    ]);
  });

  it('may be a list in one block, and stand in a list or a quote', () => {
    const list = parse(block('- level: L1\n  pattern: a\n- level: L3\n  pattern: b'));
    expect(list.rules.map(({ place }) => `${place.line}:${place.column}`)).toEqual(['2:3', '4:3']);
    const nested = parse('- Item\n\n  ```yaml\n  level: L1\n  pattern: a\n  ```\n');
    expect(nested.rules[0]?.place).toMatchObject({ line: 4, column: 3 });
  });

  it('keep their places behind a byte order mark and with line ends of Windows', () => {
    const { rules } = parse(
      `\uFEFF# Law\r\n\r\n\`\`\`yaml\r\nlevel: L1\r\npattern: a\r\n\`\`\`\r\n`,
    );
    expect(rules[0]?.place).toMatchObject({ line: 4, column: 1 });
  });
});

test.each<[string, string, string | RegExp]>([
  ['an unknown level', 'level: L9\npattern: a', '3:8 Rule “Law” is skipped: `level` must be'],
  ['no level', 'pattern: a', '3:1 Rule “Law” is skipped: `level` must be'],
  ['neither pattern nor check', 'level: L1', '3:1 Rule “Law” is skipped: it must have either'],
  ['both', 'level: L1\npattern: a\ncheck: b', '4:10 Rule “Law” is skipped: it must have either'],
  ['a lookahead', 'level: L1\npattern: a(?=b)', '4:10 Rule “Law” is skipped: its pattern'],
  ['a broken pattern', 'level: L1\npattern: "("', '4:10 Rule “Law” is skipped: its pattern'],
  ['a number', 'level: L1\npattern: 5', '4:10 Rule “Law” is skipped: `pattern` must be a text'],
  [
    'a bad scope',
    'level: L1\npattern: a\nscope: {a: b}',
    '5:8 Rule “Law” is skipped: `scope` must',
  ],
  ['bad YAML', 'level: L1\n pattern: [', /^[34]:\d+ This block is not valid YAML/],
  ['a bomb of aliases', bomb(), /^3:1 This block cannot be read/],
])('%s is skipped and told with its place; the other rules stay', (_, yaml, told) => {
  const text = `# Law\n${block(yaml)}\n${block('level: L3\npattern: b')}`;
  const [fault, ...more] = faultsIn(text);
  expect(fault).toMatch(told);
  expect(more).toEqual([]);
  expect(parse(text).rules.map(({ level }) => level)).toEqual(['L3']);
});

it('never throws, whatever is written', () => {
  const key = fc.constantFrom('level', 'pattern', 'check', 'scope', 'exclude', 'message', 'name');
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('L1', 'L3', '[', '{a: b}', '*x', '"(?<=', '!!js x'),
  );
  const line = fc.tuple(key, value).map(([name, text]) => `${name}: ${text}`);
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 6 }), (lines) => {
      const text = `# Law\n${block(lines.join('\n'))}`;
      for (const { place } of parse(text).rules)
        expect(text.split('\n').length).toBeGreaterThan(place.line);
      for (const { line: at } of parse(text).diagnostics) expect(at).toBeGreaterThan(0);
    }),
  );
});

function bomb(): string {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const levels = names
    .slice(1)
    .map((name, at) => `${name}: &${name} [${`*${names[at]},`.repeat(9)}]`);
  return ['level: L1', 'a: &a [x]', ...levels, 'scope: *e'].join('\n');
}
