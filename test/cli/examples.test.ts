import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findChromium } from '../../src/evaluation/index.ts';
import { StatusJson } from '../../src/report/index.ts';
import { Project } from '../rig/project.ts';
import { sandbox } from '../rig/sandbox.ts';

const system = findChromium({
  named: null,
  path: process.env['PATH'] ?? '',
  node: process.execPath,
});

/** Every unit and scenario of a demo's run in the sandbox (where this machine has one), its spec directory, and its run folder. */
async function played(project: Project, example: string) {
  project.shutIn();
  const dir = join(project.root, 'demo');
  const ended = await project.cli(['demo', example, '--dir', dir]);
  expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 0 });
  const spec = join(dir, '.start/specs', example);
  const status = await project.cli(['status', spec, '--json']);
  const { units, barrier } = StatusJson.parse(JSON.parse(status.stdout));
  expect(barrier?.tier).toBe(sandbox.kind === 'bwrap' ? 'bwrap' : 'advisory');
  const runs = join(dir, '.factory', 'runs', example);
  return {
    units,
    scenarios: units.flatMap((unit) => unit.scenarios),
    spec,
    run: join(runs, readdirSync(runs)[0] ?? ''),
  };
}

test('eight units in four rounds, one of which goes back: the service, its needs and its checks are all shut in', async () => {
  await using project = await Project.empty();
  const { units, scenarios } = await played(project, '003-tea-desk');
  expect(scenarios.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  const again = units.filter(({ iteration }) => iteration > 1).map(({ id }) => id);
  expect(again).toEqual(['receipt-slip']);
});

test('state is put back before each attempt: none of the scenarios about it is flaky, nor does a strict umask matter', async () => {
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  await using project = await Project.empty();
  const { scenarios, run } = await played(project, '004-ticket-window');
  const solid = { outcome: 'passed', attempts: { passed: 3, total: 3 }, flaky: false };
  expect(scenarios).toMatchObject([solid, solid, solid]);
  const first = join(run, 'evidence', 'window-one', '1');
  const seen = readFileSync(join(first, 'numbers-run-from-one.json'), 'utf8');
  expect(seen).toContain('"/tickets"');
  expect(seen).not.toContain('"/closing"');
});

test.skipIf(!system.ok)(
  'a page is checked in Chromium, inside the sandbox, and a person sees pictures of it (skipped where there is none)',
  async () => {
    await using project = await Project.empty();
    const { scenarios, spec, run } = await played(project, '005-notice-board');
    expect(scenarios.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    const evidence = readdirSync(join(run, 'evidence', 'front-page', '1'));
    expect(evidence).toEqual(
      expect.arrayContaining([
        'pinning-a-note.json',
        'pinning-a-note.1.png',
        'pinning-a-note.1-2.png',
      ]),
    );
    const report = await project.cli(['report', spec, '--format', 'html']);
    expect(report.stdout.match(/<img src="data:image\/png;base64,iVBOR/g)).toHaveLength(3);
    expect(report.stdout).toContain('evidence/front-page/1/pinning-a-note.3-2.png');
    expect((await project.cli(['explain', spec, 'front-page'])).stdout).toContain(
      'picture: evidence/front-page/1/pinning-a-note.1-2.png',
    );
  },
);
