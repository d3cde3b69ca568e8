import { expect, test } from 'vitest';
import { parseManifest, RunEvent, runSpec, validateSpec } from '../../src/library/index.ts';
import type { RunSpecOptions } from '../../src/library/index.ts';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const optionsOf = (project: Project): RunSpecOptions => ({
  project: project.dir,
  env: project.env(),
  settings: { agent: scripted(project)[1] ?? '', barrier: 'advisory' },
});

test('a program parses and validates as the command line does', async () => {
  await using project = await Project.minimal();
  const file = '.start/specs/001-signs/manifest.md';
  const text = await project.read(file);
  const parsed = parseManifest(text);
  expect(parsed.diagnostics).toEqual([]);
  expect(parsed.manifest?.units.map(({ id }) => id)).toEqual(['sign-1']);
  expect(await validateSpec({ project: project.dir, spec: '001' })).toMatchObject({
    ok: true,
    specs: [{ manifest: { title: 'Signs' } }],
  });

  await project.write(file, text.replace('Group 1', 'Group x'));
  const { ok, diagnostics, specs } = await validateSpec({ project: project.dir });
  expect([ok, specs[0]?.manifest]).toEqual([false, null]);
  const cli = await project.cli(['validate', '--json']);
  expect((JSON.parse(cli.stdout) as { diagnostics: unknown }).diagnostics).toEqual(diagnostics);
  const { outcome } = runSpec(optionsOf(project));
  expect(await outcome).toMatchObject({
    status: 'invalid',
    exitCode: 2,
    runDir: null,
    diagnostics,
  });
});

test('a program follows a run, stops it by leaving, takes it up and answers what it asks', async () => {
  await using project = await Project.minimal({ units: 2, maxIterations: 1, wrong: { 2: 1 } });
  const left = runSpec(optionsOf(project));
  for await (const event of left) if (event.type === 'land.finished') break;
  // Leaving waits for the end: another run can begin at once.
  expect(await left.outcome).toMatchObject({ status: 'stopped', exitCode: 75 });

  const asked: string[] = [];
  const again = runSpec({
    ...optionsOf(project),
    onQuestion({ subject, kind }) {
      asked.push(`${subject} ${kind}`);
      return { kind: 'skip' };
    },
  });
  const types: string[] = [];
  for await (const event of again) {
    expect(RunEvent.safeParse(event).success).toBe(true);
    types.push(event.type);
  }
  expect(types[0]).toBe('run.resumed');
  expect(types.at(-1)).toBe('run.finished');
  expect(asked).toEqual(['sign-2 exhausted']);
  const outcome = await again.outcome;
  expect(outcome).toMatchObject({ status: 'failed', exitCode: 1, branch: 'factory/001-signs' });
  expect(outcome.runDir).toContain('.factory/runs/001-signs/');
});

test('settings that no flag would take, and a callback that throws, are told apart', async () => {
  await using project = await Project.minimal({ maxIterations: 1, wrong: { 1: 1 } });
  const odd = runSpec({ ...optionsOf(project), settings: { slots: 1.5 } });
  expect(await odd.outcome).toMatchObject({
    status: 'invalid',
    message: expect.stringContaining('--slots'),
  });
  const misspelt = { ...optionsOf(project).settings, maxcost: 1 };
  expect(await runSpec({ ...optionsOf(project), settings: misspelt }).outcome).toMatchObject({
    status: 'invalid',
    message: expect.stringContaining('settings.maxcost'),
  });
  const thrown = runSpec({
    ...optionsOf(project),
    onQuestion() {
      throw new Error('of the caller');
    },
  });
  const read = async () => {
    for await (const event of thrown) void event;
  };
  await expect(read()).rejects.toThrow('of the caller');
  await expect(thrown.outcome).rejects.toThrow('of the caller');
});
