import { expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

test('report renders the last run in every format, to stdout or into a file', async () => {
  await using project = await Project.minimal({ wrong: { 1: 1 } });
  const before = await project.cli(['report']);
  expect(before.code).toBe(2);
  expect(before.stderr).toContain('implement-factory run 001-signs');

  expect((await project.cli(['run', ...scripted(project)])).code).toBe(0);
  const json = await project.cli(['report', '001', '--format', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    version: 1,
    spec: '001-signs',
    outcome: 'completed',
    units: [{ id: 'sign-1', evaluations: [{ satisfaction: 0 }, { satisfaction: 1 }] }],
  });
  const junit = await project.cli(['report', '--format', 'junit']);
  expect(junit.stdout).toContain('<testsuite name="sign-1"');
  expect((await project.cli(['report'])).stdout).toContain('# 001-signs: completed');
  const html = await project.cli(['report', '--format', 'html', '--output', 'out.html']);
  expect([html.code, html.stdout]).toEqual([0, '']);
  expect(await project.read('out.html')).toMatch(/^<!DOCTYPE html>/);

  for (const place of ['no/such/out.html', 'lib']) {
    const { code, stderr } = await project.cli(['report', '--output', place]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('a file in a folder that exists')]);
  }

  const wrong = await project.cli(['report', '--format', 'pdf']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('html, md, junit, json')]);
});
