import { expect, test } from 'vitest';
import { desk, hold } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

test('a usage limit holds up all agents of its provider until it is reset, and costs nothing', async () => {
  await using project = await Project.minimal({ units: 2, mode: 'parallel' });
  // The first agent to start finds the limit, which is reset a second later.
  await hold(project, 'limited');
  const args = ['run', '--json', '--slots', '1', '--retries', '0', ...desk(project)];
  const { code, stdout, stderr } = await project.cli(args);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/command: its provider takes no work/)]);
  const events = Project.events(stdout);
  const [waiting, lifted] = ['limit.waiting', 'limit.lifted'].map((type) =>
    events.findIndex((event) => event.type === type),
  );
  expect(waiting).toBeGreaterThan(0);
  const between = events.slice(waiting, lifted).map(({ type }) => type);
  expect(between).not.toContain('code.started');
  const last = events.filter((event) => event.type === 'evaluation.finished');
  expect(last).toMatchObject([{ iteration: 1 }, { iteration: 1 }]);
});

test('satisfaction that falls twice is asked about early, with the reason', async () => {
  await using project = await Project.minimal({ maxIterations: 5 });
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const dir = '.start/specs/001-signs/scenarios/sign-1';
  const stubs = names.map(
    (name) => `### ${name}\n\n\`\`\`sh\n[ "$(cat posts/${name}.txt)" = right ]\n\`\`\`\n`,
  );
  for (const name of names)
    await project.write(
      `${dir}/${name}.md`,
      `# Post ${name}\n\nWhoever reads post ${name} sees the word right.\n`,
    );
  const first = await project.read(`${dir}/e2e-stubs.md`);
  await project.write(`${dir}/e2e-stubs.md`, `${first}\n${stubs.join('\n')}`);
  await project.commit('More scenarios');
  // Others fail each time, and more of them.
  for (const [run, wrong] of ['a', 'bc', 'def'].entries())
    await project.prepare('sign-1', run + 1, {
      'posts/1.txt': 'right\n',
      ...Object.fromEntries(
        names.map((name) => [
          `posts/${name}.txt`,
          wrong.includes(name) ? `wrong ${String(run)}\n` : 'right\n',
        ]),
      ),
    });
  const { code, stderr } = await project.cli(['run', '--patience', '2', ...desk(project)]);
  expect([code, stderr]).toEqual([
    3,
    expect.stringMatching(
      /in iteration 2 satisfaction fell from 86 % to 71 %; in iteration 3 satisfaction fell from 71 % to 57 %/,
    ),
  ]);
});
