import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const installed = (...path: string[]) => join(PACKAGE, 'node_modules', ...path);

let home: string;
let tarball: string;
/** The installed package. */
let place: string;

/** What `npm pack` makes, installed beside what it depends on, in a folder that knows nothing of this repository. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'factory-package-'));
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', home];
  const { stdout } = await execa('npm', pack, { cwd: PACKAGE });
  const [made] = JSON.parse(stdout) as [{ filename: string }];
  tarball = join(home, made.filename);
  place = join(home, 'node_modules', 'implement-factory');
  await mkdir(place, { recursive: true });
  await execa('tar', ['-xzf', tarball, '--strip-components=1', '-C', place]);
  const { dependencies } = JSON.parse(await readFile(join(place, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types']) {
    await mkdir(dirname(join(home, 'node_modules', name)), { recursive: true });
    await symlink(installed(name), join(home, 'node_modules', name));
  }
  await writeFile(join(home, 'package.json'), '{"type": "module"}\n');
});

afterAll(() => rm(home, { recursive: true, force: true }));

test('the package is one that tools can read, with types that resolve', async () => {
  const { messages } = await publint({ pkgDir: place, pack: false });
  // An example is a package of its own, with exports of its own.
  const ours = messages.filter(({ code }) => code !== 'NESTED_PACKAGE_JSON_FIELD_IGNORED');
  expect(ours).toEqual([]);
  const types = await execa(installed('.bin', 'attw'), [tarball, '--profile', 'esm-only'], {
    reject: false,
  });
  expect([types.exitCode, types.stdout]).toEqual([0, expect.any(String)]);
});

test('nothing but the library is exported', async () => {
  const names = await node(`console.log(Object.keys(await import('implement-factory')).join())`);
  expect(names.stdout.split(',').toSorted()).toEqual(
    [
      'Decision',
      'Question',
      'RunEvent',
      'eventSchema',
      'parseManifest',
      'runSpec',
      'validateSpec',
    ].toSorted(),
  );
  const inside = await node(`await import('implement-factory/dist/cli/main.js')`);
  expect(inside.stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test(
  'the example compiles against the package, and runs a spec with it',
  { timeout: 300_000 },
  async () => {
    const example = join(home, 'example');
    await mkdir(example);
    for (const file of ['run.ts', 'tsconfig.json'])
      await writeFile(
        join(example, file),
        await readFile(join(PACKAGE, 'examples', 'library', file)),
      );
    const compiled = await execa(
      process.execPath,
      [installed('typescript', 'bin', 'tsc'), '-p', '.'],
      {
        cwd: example,
        reject: false,
      },
    );
    expect([compiled.stdout, compiled.exitCode]).toEqual(['', 0]);

    await using project = await Project.minimal({ maxIterations: 1, units: 2, wrong: { 2: 1 } });
    await project.write('.start/factory.yaml', 'barrier: advisory\n');
    const ran = await execa(
      process.execPath,
      [join(example, 'out', 'run.js'), project.dir, '001', scripted(project)[1] ?? ''],
      { env: project.env(), extendEnv: false, reject: false },
    );
    expect(ran.stdout.split('\n')).toEqual([
      'sign-1: 1 of 1 scenarios pass',
      'sign-2: 0 of 1 scenarios pass',
      'group 1 is finished',
      'failed, on factory/001-signs',
    ]);
    expect(ran.stderr).toMatch(/^sign-2: .*It is skipped\.$/m);
    expect(ran.exitCode).toBe(1);
  },
);

const node = (script: string) =>
  execa(process.execPath, ['--input-type=module', '--eval', script], { cwd: home, reject: false });
