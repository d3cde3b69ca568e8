import { existsSync, lstatSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkout, installer, makeWorkspace } from '../../src/barrier/index.ts';
import { bad, codeRun, good, landed, PATH, request, Rig, task, write } from './rig.ts';
import { rmSync } from 'node:fs';

const env = { PATH };

test('a product tree follows the commits in place and keeps what is not in git', async () => {
  using rig = new Rig({ 'src/a.txt': 'one\n', 'src/gone.txt': 'x', '.gitignore': 'dist\n' });
  const { repo, head } = await rig.ready();
  const dir = join(rig.root, 'prod uct');
  good(await checkout(repo, { commit: head, dir, layer: null }));
  expect(readdirSync(dir).sort()).toEqual(['.gitignore', 'src']);
  write(dir, {
    'dist/built.js': 'b',
    'src/a.txt': 'touched by the product',
    'src/new.txt': 'in the way',
  });

  const { commit } = await codeRun(repo, task(head), (work) => {
    rmSync(join(work, 'src/gone.txt'));
    write(work, { 'src/new.txt': 'new\n', 'lib/b.txt': 'b' });
  });
  const next = await landed(repo, request(commit));
  good(await checkout(repo, { commit: next.commit, dir, layer: null }));
  expect(readFileSync(join(dir, 'src/a.txt'), 'utf8')).toBe('one\n');
  expect(readFileSync(join(dir, 'src/new.txt'), 'utf8')).toBe('new\n');
  expect(existsSync(join(dir, 'src/gone.txt'))).toBe(false);
  expect(existsSync(join(dir, 'dist/built.js'))).toBe(true);
  expect(existsSync(join(dir, '.start/specs'))).toBe(false);

  rmSync(dir, { recursive: true });
  good(await checkout(repo, { commit: head, dir, layer: null }));
  expect(readdirSync(join(dir, 'src')).sort()).toEqual(['a.txt', 'gone.txt']);
});

test('a checkout does not write through a link that the product left', async () => {
  using rig = new Rig({ 'src/a.txt': 'one\n' });
  const { repo, head } = await rig.ready();
  const dir = join(rig.root, 'product');
  const outside = join(rig.root, 'outside');
  write(outside, { 'a.txt': 'mine' });
  write(dir, { src: { link: outside } });
  good(await checkout(repo, { commit: head, dir, layer: null }));
  expect(readFileSync(join(outside, 'a.txt'), 'utf8')).toBe('mine');
  expect(readFileSync(join(dir, 'src/a.txt'), 'utf8')).toBe('one\n');
});

const LOCKED = {
  'package.json': '{"dependencies":{"x":"1"}}',
  'package-lock.json': '{"packages":{"":{},"node_modules/x":{}}}',
};
/** Stands for a package manager: counts its runs beside the project. */
const install = (count: string) =>
  `mkdir -p node_modules/x sub/node_modules && echo made > node_modules/x/index.js && echo s > sub/node_modules/s.js && echo run >> '${count}'`;

test('dependencies are installed once per lockfile, linked into products and copied for agents', async () => {
  using rig = new Rig({
    ...LOCKED,
    '.gitignore': 'node_modules\n',
    'src/a.txt': 'one\n',
    'sub/x.txt': 'x',
  });
  const { repo, head } = await rig.ready();
  const count = join(rig.root, 'count');
  const { layer } = installer(repo, { command: install(count), env });
  const [first, second] = (await Promise.all([layer(head), layer(head)])).map(good);
  expect(first).toMatchObject({
    entries: ['node_modules', 'sub/node_modules'],
    selfContained: true,
  });
  expect(second).toEqual(first);
  expect(readdirSync(first?.dir ?? '').sort()).toEqual(['node_modules', 'sub']);

  const { workspace, commit, files } = await codeRun(
    repo,
    task(head, { layer: first ?? null }),
    (dir) => {
      expect(readFileSync(join(dir, 'node_modules/x/index.js'), 'utf8')).toBe('made\n');
      rmSync(join(dir, 'node_modules'), { recursive: true });
      write(dir, {
        node_modules: { link: '/etc' },
        '.gitignore': '',
        'src/b.txt': 'b',
        'sub/node_modules/s.js': 'poison',
      });
    },
  );
  expect(files).toEqual(['.gitignore', 'src/b.txt']);
  expect(workspace.dir).not.toBe(first?.dir);

  const { commit: next } = await landed(repo, request(commit));
  const same = good(await layer(next));
  expect(same).toEqual(first);
  const dir = join(rig.root, 'product');
  good(await checkout(repo, { commit: next, dir, layer: same }));
  good(await checkout(repo, { commit: next, dir, layer: same }));
  expect(realpathSync(join(dir, 'node_modules'))).toBe(join(first?.dir ?? '', 'node_modules'));
  expect(readFileSync(join(dir, 'sub/node_modules/s.js'), 'utf8')).toBe('s\n');
  expect(readFileSync(count, 'utf8')).toBe('run\n');

  const more = await codeRun(repo, task(next, { attempt: 2 }), (work) =>
    write(work, { 'package-lock.json': '{}' }),
  );
  const changed = await landed(repo, request(more.commit, { attempt: 2 }));
  expect(good(await layer(changed.commit))?.hash).not.toBe(first?.hash);
  expect(readFileSync(count, 'utf8')).toBe('run\nrun\n');

  // A later process finds what is installed.
  const later = good(await rig.open());
  expect(good(await installer(later, { command: install(count), env }).layer(head))).toEqual(first);
  expect(readFileSync(count, 'utf8')).toBe('run\nrun\n');
});

test('a layer that links to the project is copied, not shared', async () => {
  using rig = new Rig({
    'package.json': '{"workspaces":["pkg"]}',
    'pkg/index.js': 'one',
    '.gitignore': 'node_modules\n',
  });
  const { repo, head } = await rig.ready();
  const { layer } = installer(repo, {
    command: 'mkdir node_modules && ln -s ../pkg node_modules/pkg',
    env,
  });
  const made = good(await layer(head));
  expect(made?.selfContained).toBe(false);
  const dir = join(rig.root, 'product');
  good(await checkout(repo, { commit: head, dir, layer: made }));
  expect(lstatSync(join(dir, 'node_modules')).isSymbolicLink()).toBe(false);
  expect(readFileSync(join(dir, 'node_modules/pkg/index.js'), 'utf8')).toBe('one');
});

test('an install leaves nothing running', async () => {
  using rig = new Rig(LOCKED);
  const { repo, head } = await rig.ready();
  const file = join(rig.root, 'pid');
  const { layer } = installer(repo, {
    command: `setsid sh -c 'echo $$ > "${file}"; exec sleep 60' >/dev/null 2>&1 & until test -s '${file}'; do sleep 0.01; done`,
    env,
  });
  good(await layer(head));
  const pid = Number(readFileSync(file, 'utf8'));
  const state = /^State:\s+(\S)/m.exec(
    existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '',
  );
  expect([undefined, 'Z', 'X']).toContain(state?.[1]);
});

test('an install that fails is a problem with its last lines, and is tried again', async () => {
  using rig = new Rig(LOCKED);
  const { repo, head } = await rig.ready();
  const flag = join(rig.root, 'flag');
  const { layer } = installer(repo, {
    command: `test -e '${flag}' || { echo no such package >&2; exit 3; }; mkdir node_modules; touch node_modules/x`,
    env,
  });
  expect(bad(await layer(head)).what).toMatch(/exited with code 3: no such package/);
  write(rig.root, { flag: '' });
  expect(good(await layer(head))?.entries).toEqual(['node_modules']);
});

test.each<[string, Record<string, string>, boolean]>([
  ['nothing', { 'a.txt': '' }, false],
  [
    'a lockfile that locks nothing',
    { 'package.json': '{}', 'package-lock.json': '{"lockfileVersion":3,"packages":{"":{}}}' },
    false,
  ],
  ['a manifest without dependencies', { 'package.json': '{"name":"x"}' }, false],
  ['a manifest with dependencies', { 'package.json': '{"dependencies":{"x":"1"}}' }, true],
  ['a lockfile', LOCKED, true],
  ['requirements', { 'requirements.txt': 'x' }, true],
])('a project with %s needs an install: %#', async (_, files, needs) => {
  using rig = new Rig(files);
  const { repo, head } = await rig.ready();
  // No package manager on the PATH: what is needed fails, what is not needed is not tried.
  const answer = await installer(repo, { command: null, env: { PATH: '/nowhere' } }).layer(head);
  if (needs) expect(bad(answer).what).toMatch(/could not be installed/);
  else expect(good(answer)).toBeNull();
});

test('a workspace without a layer is clean', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const { dir } = good(await makeWorkspace(repo, task(head)));
  expect(readdirSync(dir).sort()).toEqual(['.git', 'src']);
});
