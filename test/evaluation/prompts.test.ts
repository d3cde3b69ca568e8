import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { briefAuthor, briefEvaluator } from '../../src/barrier/index.ts';

const templates = fileURLToPath(
  new URL('../../skills/implement-factory/reference', import.meta.url),
);
const kitReference = readFileSync(`${templates}/kit.md`, 'utf8');
const scenarios = [
  { name: 'list-empty', text: 'Given {{nothing}}\nWhen I list & look\nThen "none"' },
];

test('the author gets scenarios, stubs and the kit, and what to repair', async () => {
  const stubs = [{ name: 'list-empty', text: 'a stub' }];
  const first = await briefAuthor({ templates, scenarios, stubs, kitReference, reset: false });
  const repair = [{ scenario: 'list-empty', code: 'let x', reason: 'it asserts nothing' }];
  const second = await briefAuthor({
    templates,
    scenarios,
    stubs: [],
    kitReference,
    reset: true,
    repair,
  });
  if (!first.ok || !second.ok) throw new Error('not rendered');
  expect(first.value.prompt).toContain(scenarios[0]?.text);
  expect(first.value.prompt).toContain('<stub scenario="list-empty">\na stub');
  expect(first.value.prompt).toContain('kit.until');
  expect(first.value.prompt).not.toContain('last chance');
  expect(second.value.prompt).toContain('What was wrong: it asserts nothing');
  expect(second.value.prompt).not.toContain('## Stubs');
});

test('the live evaluator is told where the product is, or that there is no service', async () => {
  const base = { templates, unitTitle: 'Notes', scenarios, stubs: [] };
  const served = await briefEvaluator({ ...base, url: 'http://127.0.0.1:4' });
  const alone = await briefEvaluator({ ...base, url: null });
  if (!served.ok || !alone.ok) throw new Error('not rendered');
  expect(served.value.prompt).toContain('**http://127.0.0.1:4**');
  expect(served.value.prompt).toContain('Satisfaction: <passed>/1 scenarios');
  expect(alone.value.prompt).toContain('There is no service');
});
