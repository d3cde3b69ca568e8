import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const SCENARIO = 'reads-as-agreed';
const check = (word: string) => `export default async function check(kit) {
  const { stdout } = await kit.run(['cat', 'posts/1.txt']);
  kit.assert.equal(stdout, '${word}\\n');
}
`;

interface Listed {
  readonly checks: readonly {
    readonly check: { readonly sha256: string; readonly revised?: string } | null;
    readonly replaced: readonly unknown[];
    readonly history: readonly { readonly outcome: string; readonly iteration: number }[];
  }[];
}

async function listed(project: Project): Promise<Listed['checks'][number]> {
  const { stdout } = await project.cli(['checks', '001', '--json']);
  const [only] = (JSON.parse(stdout) as Listed).checks;
  if (only === undefined) throw new Error('no check');
  return only;
}

test('a person looks a wrong check over, puts another in its place, and the unit is measured again', async () => {
  await using project = await Project.minimal({ checks: 'authored', maxIterations: 1 });
  const own = join(project.root, 'scripted', 'sign-1', 'checks', `${SCENARIO}.mjs`);
  await writeFile(own, check('left'));
  const run = () => project.cli(['run', ...scripted(project)]);
  expect((await run()).code).toBe(3);

  const list = await project.cli(['checks', '001']);
  expect(list.stdout).toMatch(
    /sign-1 +reads-as-agreed +[0-9a-f]{12} +author +fails 3 null products +failed/,
  );
  const printed = await project.cli(['checks', '001', 'sign-1', SCENARIO]);
  expect(printed.stdout).toBe(check('left').trimEnd());
  const before = await listed(project);

  // One that cannot fail is refused like an author's.
  const file = join(project.root, 'mine.mjs');
  await writeFile(
    file,
    'export default async (kit) => { await kit.run(["x"]).catch(() => kit.assert); };',
  );
  const freeze = ['checks', '001', 'sign-1', SCENARIO, '--freeze', file];
  const refused = await project.cli(freeze);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('it passes although the product never answers'),
  ]);
  await writeFile(file, printed.stdout.replace('left', 'right'));
  const frozen = await project.cli([...freeze, '--reason', 'the office says right']);
  expect([frozen.code, frozen.stderr]).toEqual([0, expect.stringContaining('frozen as')]);

  expect((await run()).code).toBe(0);
  const after = await listed(project);
  expect(after.check?.sha256).not.toBe(before.check?.sha256);
  expect(after).toMatchObject({
    check: { revised: 'the office says right' },
    replaced: [{ sha256: before.check?.sha256 }],
    history: [
      { iteration: 1, outcome: 'failed' },
      { iteration: 1, outcome: 'passed' },
    ],
  });
  const late = await project.cli(freeze);
  expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('it is over')]);

  const explained = await project.cli(['explain', '001', 'sign-1']);
  expect(explained.stdout).toContain('feedback: 0 lines, at most 0 bits');
  expect(explained.stdout).toContain('by a person (the office says right)');
  expect(explained.stdout).toContain('$ cat posts/1.txt → exit 0');
  expect(explained.stdout).toMatch(/group passed, exit 0, \d+ ms/);
});

test('explain shows what failed and what was told, and both checks of a dispute side by side', async () => {
  await using project = await Project.minimal({ checks: 'authored', maxIterations: 3 });
  const played = join(project.root, 'scripted', 'sign-1');
  await writeFile(join(played, 'checks', `${SCENARIO}.mjs`), check('left'));
  await project.write(`../scripted/sign-1/second/${SCENARIO}.mjs`, check('right'));
  expect((await project.cli(['run', ...scripted(project)])).code).toBe(3);

  const { stdout } = await project.cli(['explain', '001', 'sign-1']);
  expect(stdout).toContain('escalated: two independent checks disagree');
  expect(stdout).toMatch(/feedback: 1 line, at most \d+ bits/);
  expect(stdout).toContain('second opinion: the checks disagree');
  expect(stdout.match(/side {2}failed, exit \d+/g)?.length).toBeGreaterThan(0);
  const json = JSON.parse((await project.cli(['explain', '001', 'sign-1', '--json'])).stdout) as {
    feedback: { lines: unknown[] };
    evidence: Record<string, { check: { sha256: string } }>;
  };
  expect(json.feedback.lines).toHaveLength(1);
  expect(new Set(Object.values(json.evidence).map((each) => each.check.sha256)).size).toBe(2);
});

test('what was never run, or is not there, is told as such', async () => {
  await using project = await Project.minimal({ checks: 'authored' });
  expect(await project.cli(['checks', '001'])).toMatchObject({
    code: 0,
    stdout: '001-signs: no check was compiled yet.',
  });
  expect((await project.cli(['explain', '001', 'sign-1'])).stdout).toContain(
    'no check was compiled',
  );
  const unknown = await project.cli(['explain', '001', 'sign-9']);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Its units: sign-1')]);
  const freeze = await project.cli(['checks', '001', 'sign-1', SCENARIO, '--freeze', 'x.py']);
  expect([freeze.code, freeze.stderr]).toEqual([2, expect.stringContaining('.mjs, .cjs or .sh')]);
  expect(await readFile(join(project.dir, 'README.md'), 'utf8')).toBe('# Signs\n');
});
