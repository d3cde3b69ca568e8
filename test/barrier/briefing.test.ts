import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  briefAuthor,
  briefCoder,
  briefEvaluator,
  symptomsFromTraffic,
} from '../../src/barrier/index.ts';
import type { CoderBriefing } from '../../src/barrier/index.ts';
import { Briefing, unitBody } from '../../src/barrier/briefing/briefing.ts';
import { bad, good, Rig, write } from './rig.ts';

const templates = join(import.meta.dirname, '../../skills/implement-factory/reference');
const UNIT = `---
unit: first-part
scenarios: scenarios/first-part
---

# first-part: Books & <shelves>

See ../scenarios/first-part/moon.md for more.
The first-part keeps books; \`lib/first-part.js\` exports {{title}}.
`;
const coder = (more: Partial<CoderBriefing> = {}): CoderBriefing => ({
  templates,
  unitSpecText: UNIT,
  unitTitle: 'Books',
  unit: 'first-part',
  iteration: 1,
  maxIterations: 5,
  symptoms: [],
  guidance: null,
  conflicts: [],
  projectInstructions: 'AGENTS.md',
  ...more,
});

test('a coder gets the whole unit spec as written, but not its id, frontmatter or any hint of scenarios', async () => {
  const { prompt } = good(await briefCoder(coder()));
  expect(prompt).toContain('# Books & <shelves>');
  expect(prompt).toContain('`lib/first-part.js` exports {{title}}.');
  expect(prompt).toContain('AGENTS.md');
  expect(prompt).not.toMatch(
    /scenarios|moon|unit: first-part|The first-part|root cause\*\*|Root cause:|conflict/,
  );
  expect(prompt).not.toMatch(/^---/);
  expect(prompt).toMatch(/red, green, refactor/i);
  expect(prompt).toMatch(/Cycles:/);
});

test('a line is left out for pointing at holdout files only, never for what the product is about', () => {
  const lines = [
    '`GET /scenarios/{id}` answers with one scenario.',
    'Code of the simulator lives in `src/scenarios/`; the API is in docs/specs/openapi.yaml.',
    'Results go to scenarios/output.json.',
  ];
  const hints = [
    'See scenarios/first-part/moon.md.',
    'See ../scenarios/other for more.',
    'As scenarios/other/x.md says.',
    'More: .start/specs/001-thing/solution.md',
    'More: docs/specs/001-thing/units/other.md',
    'Stubs are in e2e-stubs.md.',
  ];
  expect(unitBody([...lines, ...hints].join('\n'), 'first-part')).toBe(lines.join('\n'));
});

test('values keep their blank lines', async () => {
  const text = 'The output is\n\n\n\nin five lines.';
  const { prompt } = good(await briefCoder(coder({ unitSpecText: text })));
  expect(prompt).toContain(text);
});

test('on a retry it gets the iteration, the symptoms and the advice of a person', async () => {
  const symptoms = symptomsFromTraffic({
    exchanges: [{ kind: 'command', code: 2, signal: null, error: null, ms: 1 }],
    unitText: '',
  });
  const { prompt } = good(
    await briefCoder(
      coder({ iteration: 3, symptoms, guidance: 'Use <b>{{x}}</b>', projectInstructions: null }),
    ),
  );
  expect(prompt).toMatch(/code run 3 of at most 5/);
  expect(prompt).toContain('- the command exited with code 2\n');
  expect(prompt).toMatch(/Find the root cause/);
  expect(prompt).toContain('Use <b>{{x}}</b>');
  expect(prompt).not.toContain('AGENTS.md`: the');
});

test('a conflict is explained with its files', async () => {
  const { prompt } = good(await briefCoder(coder({ conflicts: ['src/a b.ts'] })));
  expect(prompt).toContain('- src/a b.ts\n');
  expect(prompt).toMatch(/<<<<<<</);
});

test('the id is taken out as a name only', () => {
  expect(
    unitBody('# api-core — The core\nUse `api-core` or api-core/x, my-api-core.\n', 'api-core'),
  ).toBe('# The core\nUse this unit or api-core/x, my-api-core.');
  expect(unitBody('# store: Keeping\nThe store is a store.\r\n', 'store')).toBe(
    '# Keeping\nThe store is a store.',
  );
  expect(unitBody('---js\nthrow new Error("ran")\n---\nx', 'u-1')).toContain('ran');
});

test('author and evaluator get what their templates ask for', async () => {
  using rig = new Rig();
  write(rig.root, {
    't/check-author.md':
      '<!-- for people -->\n{{#each scenarios}}{{name}}={{text}};{{/each}}{{kitReference}}{{#if repair.length}}{{#each repair}}{{scenario}}:{{reason}}{{/each}}{{/if}}',
    't/eval-agent.md': '{{title}} {{total}} {{#if url}}{{url}}{{else}}none{{/if}}',
  });
  const scenarios = [{ name: 'a', text: '<A>' }];
  const dir = join(rig.root, 't');
  const author = { templates: dir, scenarios, stubs: [], kitReference: 'KIT', reset: false };
  expect(good(await briefAuthor(author)).prompt).toBe('a=<A>;KIT\n');
  expect(
    good(await briefAuthor({ ...author, repair: [{ scenario: 'a', code: 'c', reason: 'r' }] }))
      .prompt,
  ).toBe('a=<A>;KITa:r\n');
  expect(
    good(await briefEvaluator({ templates: dir, unitTitle: 'T', scenarios, stubs: [], url: null }))
      .prompt,
  ).toBe('T 1 none\n');
  write(rig.root, { 't/eval-agent.md': '{{nobodyKnows}}' });
  expect(
    bad(await briefEvaluator({ templates: dir, unitTitle: 'T', scenarios, stubs: [], url: null }))
      .what,
  ).toMatch(/nobodyKnows/);
  expect(bad(await briefCoder(coder({ templates: dir }))).what).toMatch(/cannot be read/);
});

test('nobody else makes a briefing', () => {
  expect(() => new Briefing(Symbol('mine'), 'x')).toThrow(/Internal error/);
});

test('the real templates of author and evaluator take what they are given', async () => {
  const texts = [{ name: 'moon', text: 'Given <a moon> & {{stars}}' }];
  const author = {
    templates,
    scenarios: texts,
    stubs: texts,
    kitReference: 'THE KIT',
    reset: true,
  };
  const first = good(await briefAuthor(author)).prompt;
  expect(first).toContain('Given <a moon> & {{stars}}');
  expect(first).toContain('THE KIT');
  expect(first).not.toMatch(/second and last chance/);
  const repair = [{ scenario: 'moon', code: null, reason: 'it never ended' }];
  expect(good(await briefAuthor({ ...author, repair })).prompt).toMatch(/it never ended/);
  const evaluator = {
    templates,
    unitTitle: 'Moons',
    scenarios: texts,
    stubs: [],
    url: 'http://127.0.0.1:1',
  };
  expect(good(await briefEvaluator(evaluator)).prompt).toMatch(
    /Moons[^]*http:\/\/127\.0\.0\.1:1[^]*Given <a moon>/,
  );
});
