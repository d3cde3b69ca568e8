import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unitId } from '../../src/domain/index.ts';
import { readScenarios } from '../../src/manifest/scenarios.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'scenario-rules-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Rules that scenarios of these texts break, with their files. */
async function broken(texts: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = join(dir, 'scenarios', 'api');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  const { diagnostics } = await readScenarios(folder, unitId('api'), dir);
  return diagnostics.map(
    ({ file, rule, severity }) => `${file.slice(folder.length + 1)} ${severity} ${rule}`,
  );
}

const WHOLE = '\n\n## Given\n\nA shelf.\n\n## When\n\nSomebody looks.\n\n## Then\n\nThere it is.\n';

test.each([
  ['', 'error file-empty'],
  [' \n\n', 'error file-empty'],
  ['---\npriority: P0\n---\n', 'error scenario-says-nothing'],
  ['#\n\nPriority: P0\n', 'error scenario-says-nothing'],
  [
    '# Title\n\n## Given\n\nA shelf.\n\n## When\n\nSomebody looks.\n',
    'warning scenario-without-expectation',
  ],
  ['# Title\n\nGiven a shelf\nWhen I look\n', 'warning scenario-without-expectation'],
])('of %j', async (text, rule) => {
  expect(await broken({ 'a.md': text })).toEqual([`a.md ${rule}`]);
});

test.each([
  `# Title${WHOLE}`,
  '# GET /health is answered with 200\n',
  '# Title\n\nGiven a shelf\nWhen I look\nExpected: it is there\n',
  '# Title\n\n- When I ask for /books, 200 is returned.\n- When I ask twice it should be the same.\n',
  '# 本棚\n\n本を追加すると、一覧に表示される。\n',
])('says enough: %j', async (text) => {
  expect(await broken({ 'a.md': text })).toEqual([]);
});

test('scenarios that cannot be told apart', async () => {
  const texts = {
    'Lists.md': `# One${WHOLE}`,
    'lists.md': `# Two${WHOLE}`,
    'more.md': `# two (P0)${WHOLE}`,
  };
  expect(await broken(texts)).toEqual([
    'lists.md error scenario-names-alike',
    'more.md warning duplicate-scenario-title',
  ]);
});
