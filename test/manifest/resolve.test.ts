import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveSpec } from '../../src/manifest/index.ts';
import { MANIFEST, temporaryDirectory, unprivileged, writeFiles } from './spec-directory.ts';

const done = MANIFEST.replace('---\ntitle', '---\nstatus: completed\ntitle');

const specs = {
  '.start/specs/001-shop/manifest.md': MANIFEST,
  '.start/specs/002-till/manifest.md': done,
  '.start/specs/010-a/manifest.md': MANIFEST,
  '.start/specs/010-b/manifest.md': MANIFEST,
  '.start/specs/020-half/requirements.md': '# R',
  '.start/specs/020-half/solution.md': '# S',
  '.start/specs/021-start/requirements.md': '# R',
  '.start/specs/022-void/README.md': '',
  'docs/specs/001-legacy/manifest.md': MANIFEST,
  'docs/specs/003-old/manifest.md': MANIFEST,
  'elsewhere/my spec/manifest.md': MANIFEST,
  'mine/manifest.md': MANIFEST,
};

describe('an argument names a spec', () => {
  test.each([
    ['001', '.start/specs/001-shop'],
    ['1', '.start/specs/001-shop'],
    ['002-till', '.start/specs/002-till'],
    ['003', 'docs/specs/003-old'],
    ['001-legacy', 'docs/specs/001-legacy'],
    ['.start/specs/001-shop', '.start/specs/001-shop'],
    ['.start/specs/001-shop/', '.start/specs/001-shop'],
    ['./elsewhere/my spec/manifest.md', 'elsewhere/my spec'],
    ['mine', 'mine'],
    ['001-shop/', '.start/specs/001-shop'],
    ['001/', '.start/specs/001-shop'],
    ['mine/', 'mine'],
    ['001-shop/manifest.md', '.start/specs/001-shop'],
    ['003-old/./manifest.md', 'docs/specs/003-old'],
  ])('%s', async (argument, expected) => {
    const project = await temporaryDirectory();
    await writeFiles(project, specs);
    const dir = join(project, expected);
    const name = expected.split('/').at(-1);
    const location = { name, dir, manifestFile: join(dir, 'manifest.md') };
    expect(await resolveSpec(project, argument)).toEqual({ ok: true, value: location });
    expect(await resolveSpec(project, join(project, expected))).toEqual({
      ok: true,
      value: location,
    });
  });
});

test.each(['.', './', 'manifest.md', './manifest.md', '../001-shop/', '.start/specs/001-shop'])(
  'a path counts from the working directory, then from the project: %s',
  async (argument) => {
    const project = await temporaryDirectory();
    await writeFiles(project, specs);
    const cwd = join(project, '.start/specs/001-shop');
    expect(await resolveSpec(project, argument, cwd)).toMatchObject({ value: { dir: cwd } });
  },
);

describe('an argument that names none is a problem with a way out', () => {
  test.each([
    ['010', /010-a or 010-b/, /whole name/],
    [
      '020',
      /no manifest\.md, only requirements\.md and solution\.md\.$/,
      /manifest\.md.*\/specify-factory/,
    ],
    ['021', /only requirements\.md \(solution\.md is missing too/, /\/specify-factory/],
    ['022-void/manifest.md', /no manifest\.md\.$/, /\/specify-factory/],
    ['022-void', /no manifest\.md\.$/, /\/specify-factory/],
    ['.start/specs/022-void/manifest.md', /no manifest\.md/, /\/specify-factory/],
    ['099', /There are: 001-shop, 002-till/, /Name a spec/],
    ['001-ship', /no spec `001-ship`/, /Did you mean `001-shop`/],
    ['shop', /no spec `shop`/, /Did you mean `001-shop`/],
    ['./nowhere', /nothing here, nor by this name in .start\/specs or/, /Name a spec/],
    ['specs/001-ship/manifest.md', /There are: 001-shop/, /Did you mean `001-shop`/],
    ['.start/specs/020-half/solution.md', /not a `manifest\.md`/, /Name a spec/],
  ])('%s', async (argument, what, remedy) => {
    const project = await temporaryDirectory();
    await writeFiles(project, specs);
    const found = await resolveSpec(project, argument);
    if (found.ok) throw new Error(`found ${found.value.dir}`);
    expect(found.error.what).toMatch(what);
    expect(found.error.remedy).toMatch(remedy);
    expect(found.error.where).not.toBe('');
  });
});

describe('without an argument', () => {
  const resolve = async (files: Record<string, string>) => {
    const project = await temporaryDirectory();
    await writeFiles(project, files);
    const found = await resolveSpec(project);
    return found.ok ? found.value.name : `${found.error.what} ${found.error.remedy}`;
  };

  test('the only spec, completed or not', async () => {
    expect(
      await resolve({ 'docs/specs/003-old/manifest.md': done, '.start/specs/004-x/README.md': '' }),
    ).toBe('003-old');
  });

  test('the only one that is not completed', async () => {
    expect(
      await resolve({
        '.start/specs/001-a/manifest.md': done,
        '.start/specs/002-b/manifest.md': MANIFEST,
      }),
    ).toBe('002-b');
  });

  test('several are listed', async () => {
    expect(await resolve(specs)).toMatch(
      /More than one spec is open: 001-shop, 010-a, 010-b, 001-legacy, 003-old\. .*`001-shop`/,
    );
    expect(
      await resolve({
        '.start/specs/001-a/manifest.md': done,
        '.start/specs/002-b/manifest.md': done,
      }),
    ).toMatch(/Every spec is completed: 001-a, 002-b/);
  });

  test('none, or none that is ready', async () => {
    expect(await resolve({})).toMatch(/no spec here.*specify-factory/);
    expect(await resolve({ '.start/specs/001-a/requirements.md': '' })).toMatch(
      /no manifest\.md, only requirements\.md/,
    );
    expect(
      await resolve({ '.start/specs/001-a/requirements.md': '', '.start/specs/002-b/x': '' }),
    ).toMatch(/None of these has a manifest\.md: 001-a, 002-b/);
  });
});

test('a link that goes round in a circle is a problem, not a hang', async () => {
  const project = await temporaryDirectory();
  await mkdir(join(project, '.start/specs/002-x'), { recursive: true });
  await symlink('001-loop', join(project, '.start/specs/001-loop'));
  await symlink('manifest.md', join(project, '.start/specs/002-x/manifest.md'));
  for (const argument of ['001', '002', '.start/specs/001-loop']) {
    const found = await resolveSpec(project, argument);
    expect(found).toMatchObject({
      ok: false,
      error: { what: expect.stringMatching(/round in a circle/) as string },
    });
  }
});

test('folders that may not be read are a problem', async () => {
  const project = await temporaryDirectory();
  await writeFiles(project, specs);
  await chmod(join(project, '.start/specs'), 0);
  const found = await unprivileged(project, () => resolveSpec(project, '001'));
  await chmod(join(project, '.start/specs'), 0o700);
  expect(found).toMatchObject({
    ok: false,
    error: {
      where: join(project, '.start/specs'),
      what: expect.stringMatching(/permission denied/) as string,
    },
  });
});
