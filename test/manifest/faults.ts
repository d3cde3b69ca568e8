import type { RuleId } from '../../src/manifest/index.ts';

export const head = '---\ntitle: T\n---\n';
export const one = '## Units\n\n- [ ] a: A — no dependencies\n';
export const order = '\n## Execution Order\n\nGroup 1 (parallel): a\n';

/** One fault of a manifest; `▼` stands right before the place it is expected at. */
export interface Row {
  readonly rule: RuleId;
  readonly text: string;
  readonly says?: RegExp;
  readonly also?: readonly RuleId[];
}

const settings = (rule: RuleId, line: string, says?: RegExp): Row => ({
  rule,
  text: `---\ntitle: T\n${line}\n---\n${one}${order}`,
  ...(says === undefined ? {} : { says }),
});

const units = (rule: RuleId, lines: string, groups = 'Group 1 (parallel): a'): Row => ({
  rule,
  text: `${head}## Units\n\n${lines}\n\n## Execution Order\n\n${groups}\n`,
});

const two = '- [ ] a: A — no dependencies\n- [ ] b: B — after: a';
/** Faults of the frontmatter, and of the file as a whole. */
const FRONTMATTER: readonly Row[] = [
  { rule: 'file-empty', text: '▼' },
  { rule: 'file-empty', text: '▼ \r\n\t\n' },
  { rule: 'file-too-complex', text: `${head}${'- '.repeat(39)}x\n▼${'> '.repeat(60)}x` },
  { rule: 'frontmatter-missing', text: `▼${one}${order}` },
  { rule: 'frontmatter-missing', text: `▼\n${head}${one}${order}` },
  { rule: 'frontmatter-unclosed', text: `▼---\ntitle: T\n`, also: ['no-units', 'no-groups'] },
  { rule: 'frontmatter-unclosed', text: `---\ntitle: T\n▼--- and more\n${one}${order}` },
  {
    rule: 'frontmatter-too-large',
    text: `▼---\ntitle: ${'x'.repeat(40_000)}\n---\n${one}${order}`,
  },
  { rule: 'frontmatter-language', text: `---▼json\n{"title": "T"}\n---\n${one}${order}` },
  { rule: 'frontmatter-language', text: `---▼coffee\ntitle: 1\n---\n${one}${order}` },
  { rule: 'frontmatter-language', text: `---▼__proto__\ntitle: 1\n---\n${one}${order}` },
  { rule: 'frontmatter-yaml', text: `---\ntitle: T\n▼title: U\n---\n${one}${order}` },
  { rule: 'frontmatter-yaml', text: `---\n▼- title\n- T\n---\n${one}${order}` },
  {
    rule: 'frontmatter-yaml',
    text: `---▼\na: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\nd: [*c, *c]\n---\n${one}${order}`,
  },
  settings('unknown-key', '▼color: blue', /color/),
  { rule: 'title-missing', text: `▼---\nstatus: pending\n---\n${one}${order}` },
  { rule: 'title-missing', text: `▼---\n---\n${one}${order}` },
  { rule: 'bad-title', text: `---\ntitle: ▼404\n---\n${one}${order}` },
  { rule: 'bad-title', text: `---\n▼title:\n---\n${one}${order}` },
  { rule: 'bad-title', text: `---\ntitle: ▼"a\\nb"\n---\n${one}${order}` },
  settings('bad-status', 'status: ▼done', /done/),
  settings('bad-status', 'status: ▼[pending]'),
  settings('bad-threshold', 'threshold: ▼0'),
  settings('bad-threshold', 'threshold: ▼1.01'),
  settings('bad-threshold', 'threshold: ▼90%', /90%/),
  settings('bad-threshold', 'threshold: ▼.nan'),
  settings('bad-threshold', "threshold: ▼'0.9'"),
  settings('bad-max-iterations', 'max_iterations: ▼0'),
  settings('bad-max-iterations', 'max_iterations:   ▼2.5'),
  settings('bad-max-iterations', '▼max_iterations:'),
  settings('bad-service', 'service: ▼nope'),
  settings('bad-service', 'service:\n  start: x\n  port: ▼70000', /service\.port/),
  settings('bad-service', 'service:\n  start: x\n  ▼prot: 1', /Did you mean `port`/),
  settings('bad-service', 'service:\n  ▼port: 3000', /start/),
  settings('bad-service', 'service:\n  start: x\n  env:\n    A: ▼1', /service\.env\.A/),
];

/** Faults of the unit list, and of its headings. */
const UNITS: readonly Row[] = [
  {
    rule: 'no-units',
    text: `${head}${order.trimEnd()}▼\n`,
    also: ['unknown-unit'],
    says: /no heading/,
  },
  {
    rule: 'no-groups',
    text: `${head}${one}\n▼## Execution\n\nGroup 1 (parallel): a\n`,
    says: /Did you mean `## Execution Order` where it says `Execution`/,
  },
  {
    rule: 'no-units',
    text: `${head}▼## Unit\n\n- [ ] a: A — no dependencies\n${order.trimEnd()}\n`,
    also: ['unknown-unit'],
    says: /Did you mean `## Units` where it says `Unit`/,
  },
  {
    rule: 'no-units',
    text: `${head}## Units\n\nNone yet.\n${order.trimEnd()}▼\n`,
    also: ['unknown-unit'],
    says: /below `Units`/,
  },
  { rule: 'no-groups', text: `${head}${one.trimEnd()}▼\n`, says: /no heading/ },
  {
    rule: 'no-groups',
    text: `${head}${one}\n## Execution Order\n\nLater.▼\n`,
    says: /Below that heading/,
  },
  units('bad-unit-line', '- [ ] a: A — no dependencies\n- [ ] ▼just words'),
  units('bad-unit-line', '- [ ] a: A — no dependencies\n▼- b: B — after: a'),
  { ...units('bad-unit-line', '- [ ] a▼: — no dependencies'), says: /no title/ },
  units('bad-unit-id', '- [ ] a: A — no dependencies\n- [ ] ▼b c: B — no dependencies'),
  units('bad-unit-id', '- [ ] a: A — no dependencies\n- [ ] ▼../b: B — no dependencies'),
  units('bad-unit-id', '- [ ] a: A — no dependencies\n- [ ] ▼b..c: B — no dependencies'),
  units('bad-unit-id', '- [ ] a: A — no dependencies\n- [ ] ▼b.lock: B — no dependencies'),
  units('bad-unit-id', '- [ ] a: A — no dependencies\n- [ ] ▼service: B — no dependencies'),
  units(
    'bad-unit-id',
    `- [ ] a: A — no dependencies\n- [ ] ▼${'b'.repeat(101)}: B — no dependencies`,
  ),
  units('nested-unit', '- [ ] a: A — no dependencies\n  - ▼[ ] b: B — no dependencies'),
  units('duplicate-unit', '- [ ] a: A — no dependencies\n- [ ] ▼a: B — no dependencies'),
  {
    ...units('duplicate-unit', '- [ ] a: A — no dependencies\n- [ ] ▼A: B — no dependencies'),
    says: /only in case/,
  },
  units('missing-dependency-clause', '- [ ] a: A▼'),
  units('missing-dependency-clause', '- [ ] a: A — depends on b▼'),
  units('missing-dependency-clause', '- [ ] a: A — after:▼'),
  units(
    'missing-dependency-clause',
    '- [ ] a: A — no dependencies\n- [ ] b: B — after: a,▼',
    'Group 1 (parallel): a\nGroup 2 (parallel): b',
  ),
];

/** Faults of the execution order, and of what units wait for. */
const ORDER: readonly Row[] = [
  units('bad-group-line', '- [ ] a: A — no dependencies', 'Group ▼one (parallel): a'),
  units(
    'bad-group-line',
    '- [ ] a: A — no dependencies',
    'Group 1 (parallel)▼ a\nGroup 2 (parallel): a',
  ),
  units('bad-group-mode', '- [ ] a: A — no dependencies', 'Group 1 (▼paralel): a'),
  units('bad-group-mode', '- [ ] a: A — no dependencies', 'Group ▼1: a'),
  {
    ...units(
      'empty-group',
      '- [ ] a: A — no dependencies',
      'Group 1 (parallel): a\n▼Group 2 (parallel):',
    ),
    says: /Group 2/,
  },
  units(
    'empty-group',
    '- [ ] a: A — no dependencies',
    '- ▼Group 1 (parallel): ,\n- Group 2 (parallel): a',
  ),
  units('duplicate-group', two, 'Group 1 (parallel): a\n▼Group 1 (parallel): b'),
  units('group-order', two, 'Group 3 (parallel): a\n▼Group 2 (parallel): b'),

  {
    ...units('unknown-unit', '- [ ] a: A — no dependencies', 'Group 1 (parallel): a, ▼c'),
    says: /`c`/,
  },
  units('unit-in-no-group', '- [ ] a: A — no dependencies\n- [ ] ▼b: B — after: a'),
  {
    ...units(
      'unit-in-two-groups',
      '- [ ] a: A — no dependencies',
      'Group 1 (parallel): a\nGroup 2 (parallel): ▼a',
    ),
    says: /group 1 and in group 2/,
  },
  {
    ...units('unit-in-two-groups', '- [ ] a: A — no dependencies', 'Group 1 (parallel): a, ▼a'),
    says: /twice/,
  },
  units('unknown-dependency', '- [ ] a: A — after: ▼zebra'),
  units('self-dependency', '- [ ] a: A — after: ▼a'),
  units(
    'repeated-dependency',
    '- [ ] a: A — no dependencies\n- [ ] b: B — after: a, ▼a',
    'Group 1 (parallel): a\nGroup 2 (parallel): b',
  ),
  {
    ...units(
      'dependency-cycle',
      '- [ ] a: A — after: ▼c\n- [ ] b: B — after: a\n- [ ] c: C — after: b\n- [ ] d: D — after: c',
      'Group 1 (parallel): a, b, c\nGroup 2 (parallel): d',
    ),
    says: /a → c → b → a/,
  },
  {
    ...units(
      'dependency-order',
      '- [ ] a: A — no dependencies\n- [ ] b: B — after: ▼a',
      'Group 1 (parallel): b\nGroup 2 (parallel): a',
    ),
    says: /later group 2/,
  },
  {
    ...units(
      'dependency-order',
      '- [ ] a: A — no dependencies\n- [ ] b: B — after: ▼a',
      'Group 1 (sequential): a, b',
    ),
    says: /same group/,
  },
];

export const FAULTS = [...FRONTMATTER, ...UNITS, ...ORDER];
