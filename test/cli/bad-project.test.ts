import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Project } from '../rig/project.ts';
import {
  bomb,
  expectEnd,
  expectRecovery,
  leftovers,
  MANIFEST,
  runTiny,
  SPEC,
  stub,
  tiny,
  writeTiny,
} from './bad-rig.ts';

const NAMES = [
  '-rf with blanks and ünïcödé 漢字 🎉 %41 + = ~',
  `it's "quoted" $HOME \`id\` \\ & ; | * ? [x] {y} # two\nlines\tand a tab`,
];

describe('a project folder called', () => {
  test.each(NAMES)('%j', async (name) => {
    await using project = await tiny('pinger', { name });
    await project.write('ordner/ä ö.txt', 'ü\n');
    await project.write('new\nline "and" ünïcödé.txt', 'x\n');
    await project.commit('Files');
    await expectRecovery(project);
    expectEnd(await project.cli(['status', '001']), 0);
    expectEnd(await project.cli(['finish', '001', '--merge']), 0);
    expect(await project.read('server.js')).toContain('pong');
  });
});

test('a project folder with a hostile name works without git too', async () => {
  await using project = await Project.empty(NAMES.join(' '));
  await writeTiny(project, 'greeter');
  await expectRecovery(project);
  expect(await project.read('greet.js')).toContain('hello');
});

test('a project that cannot be worked on is refused, with the way out; put right it runs', async () => {
  await using project = await Project.empty();
  await writeTiny(project, 'greeter');
  await project.git('init', '--quiet');
  expectEnd(await runTiny(project), 2, /no commit yet.*\n.*Make a first commit/);
  await stub(project, 'greeter');
  await project.commit();

  // Git is not on the PATH.
  const env = { PATH: join(project.root, 'home') };
  for (const flags of [[], ['--git', 'none']])
    expectEnd(await runTiny(project, flags, { env }), 2, /git.*PATH.*\n.*Install git/);
  const doctor = await project.cli(['doctor'], { env });
  expect(doctor.code).toBe(2);
  expect(doctor.stdout).toMatch(/✗ git .*not on the PATH/);

  // The repository is broken.
  const head = join(project.dir, '.git', 'HEAD');
  await rename(head, `${head}.away`);
  expectEnd(await runTiny(project), 2, /not in a git repository.*\n.*git init/);
  await rename(`${head}.away`, head);

  // The project is a folder within a repository.
  await mkdir(join(project.dir, 'part'));
  await rename(join(project.dir, '.start'), join(project.dir, 'part/.start'));
  const cwd = join(project.dir, 'part');
  expectEnd(await runTiny(project, [], { cwd }), 2, /begins further up.*\n.*Move the \.start/);
  await rename(join(project.dir, 'part/.start'), join(project.dir, '.start'));

  // Files are not committed.
  await project.write('ünïcödé "draft".txt', 'x');
  await project.write('package.json', '{}');
  expectEnd(await runTiny(project), 2, 'package.json', 'ünïcödé "draft".txt', /Commit|commit/);
  await project.git('add', '--all');
  await project.git('checkout', 'HEAD', 'package.json');
  await project.commit('All');
  await expectRecovery(project);
});

describe('a spec that is not all there', () => {
  let project: Project;
  beforeAll(async () => {
    project = await tiny();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test('no .start', async () => {
    await using bare = await Project.empty();
    for (const args of [['run'], ['run', '001'], ['status'], ['validate'], ['finish']])
      expectEnd(await bare.cli(args), 2, /no spec/);
  });

  test('no manifest, only what it is made from', async () => {
    await project.write('.start/specs/002-next/requirements.md', '# Next\n');
    const ended = await project.cli(['run', '002']);
    expectEnd(
      ended,
      2,
      /no manifest\.md, only requirements\.md .*solution\.md.*\n.*specify-factory/,
    );
    await rm(join(project.dir, '.start/specs/002-next'), { recursive: true });
  });

  test('a constitution that is no text', async () => {
    await project.write('CONSTITUTION.md', 'level: \0\n');
    expectEnd(await runTiny(project), 2, /CONSTITUTION\.md:1:1 .*text/);
    await rm(join(project.dir, 'CONSTITUTION.md'));
  });

  test.each<[string, string, RegExp]>([
    ['no YAML', 'agent: [\n', /factory\.yaml:2:1 .*\n/],
    ['a tab', 'service:\n\tstart: x\n', /factory\.yaml:2:\d+ .*[Tt]ab/],
    ['unknown keys', 'slots: 2\nslotz: 3\n', /factory\.yaml:2:1 .*slotz[^]*hint: .*slots/],
    ['a bad value', 'slots: many\n', /factory\.yaml:1:\d .*slots.*number/],
    ['half a service', 'service:\n  port: 3000\n', /factory\.yaml:2:\d+ .*service\.start/],
    ['a wrong service', 'service:\n  start: x\n  prot: 1\n', /factory\.yaml:3:3 .*service\.prot/],
    ['a word for a service', 'service: nothing\n', /factory\.yaml:1:1 .*`none`, or a block/],
    ['a list', '- agent\n', /factory\.yaml:1:1 error Expected a block of .*, found a list\./],
    ['half a service, in words', 'service:\n  port: 3\n', /It is missing: text .*is needed here\./],
    [
      'several faults, by line',
      'evaluater: claude\nslots: 0\nservice:\n  start: x\n  helth: /\n  port: 70000\nevaluation: chekcs\ngit: yes\n',
      new RegExp(
        [
          String.raw`yaml:1:1 error There is no key .evaluater.. [^]*Did you mean .evaluator.`,
          String.raw`yaml:2:1 error .slots.: Expected a number of at least 1, found .0.\.`,
          String.raw`yaml:5:3 error There is no key .service\.helth.. [^]*Did you mean .health.`,
          String.raw`yaml:6:3 error .service\.port.: Expected a number of at most 65535, found .70000.\.`,
          String.raw`yaml:7:1 error .evaluation.: Expected .checks. or .report., found .chekcs.\.`,
          String.raw`yaml:8:1 error .git.: Expected .branch. or .none., found .yes.\.`,
        ].join('[^]*'),
      ),
    ],
    ['a key twice', 'slots: 1\nslots: 2\n', /factory\.yaml:2:1 .*unique/],
    ['a bomb of aliases', `${bomb()}\n`, /factory\.yaml:1:1 .*alias/],
    ['deep nesting', '['.repeat(100_000), /factory\.yaml:\d+:\d+ /],
    ['a NUL in it', 'slots: \0\n', /factory\.yaml:1:\d+ .*NUL/],
    ['5 MB', 'x\n'.repeat(2.5e6), /factory\.yaml:1:1 .*MiB/],
  ])('factory.yaml with %s', async (_, text, says) => {
    await project.write('.start/factory.yaml', text);
    const ended = await runTiny(project);
    expectEnd(ended, 2, says);
    await rm(join(project.dir, '.start/factory.yaml'));
  });

  test('factory.yaml is a folder', async () => {
    await mkdir(join(project.dir, '.start/factory.yaml'));
    expectEnd(await runTiny(project), 2, /factory\.yaml:1:1 .*read.*\n/);
    await rm(join(project.dir, '.start/factory.yaml'), { recursive: true });
  });

  test('and afterwards, corrected, it runs', () => expectRecovery(project));
});

test('a spec that loses files while it runs, or changes, can be taken up again', async () => {
  await using project = await tiny('pinger');
  expectEnd(await runTiny(project, ['--agent', 'command:false']), 75);
  const unit = `${SPEC}/units/pinger.md`;
  const text = await project.read(unit);
  await rm(join(project.dir, unit));
  expectEnd(await runTiny(project), 2, /no file `units\/pinger\.md`/);
  await project.write(unit, `${text}\nAnd more.\n`);
  expectEnd(
    await runTiny(project),
    2,
    /changed since its run began: units\/pinger\.md.*\n.*accept/,
  );
  expect(await project.read(MANIFEST)).toContain('- [ ]');
  expect(await leftovers(project)).toEqual([]);
  await expectRecovery(project, ['--accept-changes']);
});

test('a journal that was damaged says where, and a run folder that was deleted is no loss', async () => {
  await using project = await tiny();
  expectEnd(await runTiny(project, ['--agent', 'command:false']), 75);
  const status = await project.cli(['status', '001', '--json']);
  expectEnd(status, 0);
  const folder =
    /Run folder: (.*)/.exec(
      (
        await project.cli([
          'run',
          '001',
          '--agent',
          'command:false',
          '--evaluator',
          'command:false',
          '--retries',
          '0',
        ])
      ).stderr,
    )?.[1] ?? '';
  const journal = join(folder, 'journal.ndjson').slice(project.dir.length + 1);
  const lines = (await project.read(journal)).split('\n');
  await project.write(journal, [lines[0], 'not json', ...lines.slice(2)].join('\n'));
  for (const args of [
    ['run', '001', '--agent', 'command:true'],
    ['status', '001'],
  ])
    expectEnd(await project.cli(args), 2, /journal\.ndjson:2.*\n.*delete this run folder/);
  await rm(folder, { recursive: true });
  await expectRecovery(project);
});
