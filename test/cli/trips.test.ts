import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { EventOf } from '../../src/domain/index.ts';
import { nodeAgent } from '../rig/command.ts';
import { scripted } from '../rig/minimal.ts';
import { Project, type Ended } from '../rig/project.ts';

const AGENT = fileURLToPath(new URL('../fixtures/cli/leaky-agent.mjs', import.meta.url));
const SCENARIO = 'scenarios/sign-1/reads-as-agreed.md';

/** A run whose code agent does its work and leaks in its own `way` what lies at the path with this end. */
async function leaking(project: Project, way: string, end: string): Promise<Ended> {
  const agent = nodeAgent(AGENT, way, project.dir, end);
  const evaluator = scripted(project)[1] ?? '';
  return project.cli([
    'run',
    '--json',
    '--barrier',
    'advisory',
    '--agent',
    agent,
    '--evaluator',
    evaluator,
  ]);
}

type Tripped = EventOf<'run.tripped'>;

const tripsOf = ({ stdout }: Ended): readonly Tripped[] =>
  Project.events(stdout).flatMap((event) => (event.type === 'run.tripped' ? [event] : []));

test.each([
  ['says', SCENARIO, `the whole of ${SCENARIO} in a code agent's transcript`, /code-1\.ndjson/],
  ['encodes', SCENARIO, `the whole of ${SCENARIO} in a code agent's transcript`, /code-1\.ndjson/],
  ['says', 'never-told.md', "the planted canary in a code agent's transcript", /code-1\.ndjson/],
  ['copies', SCENARIO, `${SCENARIO} in a code agent's work`, /^posts\/notes\.md$/],
  ['quotes', SCENARIO, `the whole of ${SCENARIO} in a code agent's work`, /^posts\/notes\.md$/],
  ['copies', 'never-told.md', "the planted canary in a code agent's work", /^posts\/notes\.md$/],
])('an agent that %s %s makes the run invalid', async (way, end, what, where) => {
  await using project = await Project.minimal();
  const ended = await leaking(project, way, end);
  expect(tripsOf(ended)).toMatchObject([
    {
      unit: 'sign-1',
      operation: 'code',
      what: expect.stringContaining(what),
      where: expect.stringMatching(where),
    },
  ]);
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain(`BARRIER TRIPPED by sign-1: `);
  expect(await project.read('.start/specs/001-signs/manifest.md')).not.toContain('[x]');
  const landed = await project.git('ls-tree', '-r', '--name-only', 'factory/001-signs');
  expect(landed).not.toContain('posts/');
});

test('a run that tripped is never taken up, only left behind', async () => {
  await using project = await Project.minimal();
  await leaking(project, 'says', SCENARIO);
  const audited = await project.cli(['audit']);
  expect([audited.code, audited.stdout]).toEqual([
    4,
    expect.stringContaining('the barrier tripped'),
  ]);
  const again = await project.cli(['run', ...scripted(project)]);
  expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('--fresh')]);
  const fresh = await project.cli(['run', '--fresh', ...scripted(project)]);
  expect([fresh.code, fresh.stderr]).toEqual([0, expect.any(String)]);
});

test('wording of a scenario in the work is a finding that the run reports and goes on with', async () => {
  await using project = await Project.minimal();
  const ended = await leaking(project, 'mentions', SCENARIO);
  const coded = Project.events(ended.stdout).find(({ type }) => type === 'code.finished');
  expect(coded).toMatchObject({
    overlaps: [{ holdout: SCENARIO, where: 'posts/notes.md' }],
  });
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining(SCENARIO)]);
});

test('a unit that scenarios quote at length is no leak: its agent was told it', async () => {
  await using project = await Project.minimal();
  const spec = join('.start/specs/001-signs', 'units/sign-1.md');
  const scenario = await project.read(join('.start/specs/001-signs', SCENARIO));
  await project.write(spec, `${await project.read(spec)}\n${scenario}`);
  await project.commit('Say it all');
  const ended = await leaking(project, 'quotes', SCENARIO);
  expect([ended.code, tripsOf(ended)]).toEqual([0, []]);
});
