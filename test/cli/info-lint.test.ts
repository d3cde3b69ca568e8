import { describe, expect, test } from 'vitest';
import { Project } from '../rig/project.ts';

const json = (text: string) =>
  JSON.parse(text) as {
    ok: boolean;
    fixed: string[];
    diagnostics: { rule: string; file: string }[];
  };

describe('implement-factory new', () => {
  test('lays out the next number, valid, with nothing done that only a person can do', async () => {
    await using project = await Project.minimal({ spec: '041-signs' });
    const made = await project.cli(['new', 'Tea  "desk": été $(id)']);
    expect([made.code, made.stdout]).toEqual([0, '.start/specs/042-tea-desk-ete-id']);
    const dir = '.start/specs/042-tea-desk-ete-id';
    expect(await project.read(`${dir}/manifest.md`)).toContain(
      'title: "Tea \\"desk\\": été $(id)"',
    );
    expect((await project.cli(['validate', '042'])).code).toBe(0);
    const linted = await project.cli(['lint', '042', '--json']);
    expect(linted.code).toBe(1);
    expect(new Set(json(linted.stdout).diagnostics.map(({ rule }) => rule))).toEqual(
      new Set(['unfinished']),
    );
    expect((await project.cli(['new', 'Again'])).stdout).toBe('.start/specs/043-again');
  });

  test('works in an empty folder; refuses a name without letters', async () => {
    await using project = await Project.empty();
    expect((await project.cli(['new', '!!'])).code).toBe(2);
    expect((await project.cli(['new', '茶'])).stdout).toBe('.start/specs/001-茶');
    const valid = await project.cli(['validate']);
    expect(valid.code).toBe(0);
    expect(valid.stderr).toMatch(/^1 spec is valid\n\d+ places were left for later .*lint/);
  });
});

describe('implement-factory lint', () => {
  test('exit 0 with nothing to say, 1 with findings, 2 for a spec that is not valid or not there', async () => {
    await using project = await Project.example('001');
    const fine = await project.cli(['lint']);
    expect([fine.code, fine.stderr]).toEqual([0, '1 spec: nothing to say']);
    const unit = '.start/specs/001-bookshelf-service/units/shelf-core.md';
    await project.write(unit, `${await project.read(unit)}\nTODO\n`);
    const found = await project.cli(['lint', '001']);
    expect(found.code).toBe(1);
    expect(found.stderr).toContain('shelf-core.md:');
    expect(found.stderr).toContain('[unfinished]');
    await project.write(unit, '');
    expect((await project.cli(['lint', '001', '--json'])).code).toBe(2);
    expect((await project.cli(['lint', '009'])).code).toBe(2);
  });

  test('--fix repairs the order, and says what it changed', async () => {
    await using project = await Project.minimal({ units: 2 });
    const file = '.start/specs/001-signs/manifest.md';
    const before = await project.read(file);
    await project.write(
      file,
      before.replace(
        'Group 1 (sequential): sign-1, sign-2',
        'Group 1 (sequential): sign-1\nGroup 2 (sequential): sign-2',
      ),
    );
    const rules = json((await project.cli(['lint', '--json'])).stdout).diagnostics.map(
      ({ rule }) => rule,
    );
    expect(rules).toContain('order-not-derived');
    const fixed = json((await project.cli(['lint', '--fix', '--json'])).stdout);
    expect(fixed.fixed).toHaveLength(1);
    expect(fixed.diagnostics.map(({ rule }) => rule)).not.toContain('order-not-derived');
    expect(await project.read(file)).toBe(before);
  });

  test('a path is taken from the working directory', async () => {
    await using project = await Project.example('001');
    for (const command of ['lint', 'validate', 'status'])
      expect(
        (
          await project.cli([command, 'specs/001-bookshelf-service'], {
            cwd: `${project.dir}/.start`,
          })
        ).code,
      ).toBe(0);
  });
});
