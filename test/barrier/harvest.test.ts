import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { harvest, land, makeWorkspace } from '../../src/barrier/index.ts';
import type { Repository } from '../../src/barrier/index.ts';
import { codeRun, DATE, git, good, landed, request, Rig, task, write } from './rig.ts';

const outcomeOf = async (repo: Repository, commit: string, attempt = 1) =>
  good(await land(repo, request(commit, { attempt })));

test('what git cannot take in is refused with a symptom, and all else is kept', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const cases: readonly (readonly [(dir: string) => void, string])[] = [
    [
      (dir) => write(dir, { 'git~1/x.txt': 'x' }),
      'git~1/x.txt: git cannot take this in, undo this change',
    ],
    [
      (dir) => git(join(dir), 'init', '-q', 'inner one'),
      'inner one: is a git repository of its own, remove its .git folder',
    ],
    [
      (dir) =>
        write(dir, { '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = --upload-pack=x\n' }),
      '.gitmodules: submodules are not allowed, undo this change',
    ],
    [
      (dir) => write(dir, { '.gitattributes': '* working-tree-encoding\n' }),
      '.gitattributes: filters and encodings of files may not change, undo this change',
    ],
    [
      (dir) => write(dir, { '.gitattributes': '*.psd filter=lfs -text\n' }),
      '.gitattributes: filters and encodings of files may not change, undo this change',
    ],
  ];
  for (const [index, [work, symptom]] of cases.entries()) {
    const attempt = index + 1;
    const { commit } = await codeRun(repo, task(head, { attempt }), (dir) => {
      write(dir, { 'fine.txt': 'f' });
      work(dir);
    });
    expect(await outcomeOf(repo, commit, attempt)).toEqual({
      kind: 'refused',
      symptoms: expect.arrayContaining([symptom]),
    });
    if (!symptom.startsWith('.gitmodules'))
      expect(git(rig.project, 'show', `${commit}:fine.txt`)).toBe('f');
    // Another process knows of it too.
    const again = good(await rig.open());
    expect(await outcomeOf(again, commit, attempt)).toMatchObject({ kind: 'refused' });
  }
});

test('a pipe is no file, even in place of one, and what may not be read is made readable', async () => {
  using rig = new Rig({ 'src/a.txt': 'one\n' });
  const { repo, head } = await rig.ready();
  const { files } = await codeRun(repo, task(head), (dir) => {
    rmSync(join(dir, 'src/a.txt'));
    execFileSync('sh', ['-c', 'mkfifo src/a.txt pipe'], { cwd: dir });
    write(dir, { 'closed/b.txt': 'b' });
    chmodSync(join(dir, 'closed/b.txt'), 0);
    chmodSync(join(dir, 'closed'), 0);
  });
  expect([...files].sort()).toEqual(['closed/b.txt']);
});

test('what is too large for git is refused', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const workspace = good(await makeWorkspace(repo, task(head)));
  write(workspace.dir, {
    'data.bin': Uint8Array.from({ length: 4000 }, (_, n) => (n * 7919) % 251),
  });
  const { commit, files } = good(await harvest(repo, workspace, { date: DATE, mostBytes: 200 }));
  expect(files).toEqual([]);
  expect(await outcomeOf(repo, commit)).toEqual({
    kind: 'refused',
    symptoms: ['the changes are too large for git, keep data and build results out of it'],
  });
});

test('many files come as one pack', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const { commit, files } = await codeRun(repo, task(head), (dir) =>
    write(
      dir,
      Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`many/${n}.txt`, `file ${n}\n`])),
    ),
  );
  expect(files).toHaveLength(150);
  const { commit: tip } = await landed(repo, request(commit));
  expect(git(rig.project, 'show', `${tip}:many/149.txt`)).toBe('file 149\n');
  expect(git(rig.project, 'count-objects', '-v')).toMatch(/^packs: 1$/m);
});

test('files are taken in as they are, whatever their declared encoding, and checked out in it', async () => {
  using rig = new Rig({
    '.gitattributes': '*.ps1 working-tree-encoding=UTF-16LE-BOM\n',
    'run.ps1': Buffer.from('\uFEFFhi\r\n', 'utf16le'),
  });
  const { repo, head } = await rig.ready();
  const { commit, files } = await codeRun(repo, task(head), (dir) => {
    expect(readFileSync(join(dir, 'run.ps1'), 'utf8')).toBe('hi\r\n');
    write(dir, { 'run.ps1': 'hello\r\n' });
  });
  expect(files).toEqual(['run.ps1']);
  const { commit: tip } = await landed(repo, request(commit));
  const clone = join(rig.root, 'clone');
  mkdirSync(clone);
  git(rig.project, `--work-tree=${clone}`, 'checkout', '-q', tip, '--', 'run.ps1');
  expect(readFileSync(join(clone, 'run.ps1')).toString('utf16le')).toBe('\uFEFFhello\r\n');
});

test('conflict markers that are left are known to a process that takes over', async () => {
  using rig = new Rig({ 'src/a.txt': 'one\ntwo\nthree\n' });
  const { repo, head } = await rig.ready();
  const side = async (unit: string, word: string) =>
    codeRun(repo, task(head, { unit }), (dir) =>
      write(dir, { 'src/a.txt': `one\n${word}\nthree\n` }),
    );
  const mine = await side('first-part', 'MINE');
  const theirs = await side('second-part', 'THEIRS');
  const other = await landed(repo, request(theirs.commit, { unit: 'second-part' }));
  const left = await codeRun(
    repo,
    task(other.commit, { attempt: 2, conflict: mine.commit }),
    (dir) => write(dir, { 'more.txt': 'm' }),
  );
  const again = good(await rig.open());
  expect(await outcomeOf(again, left.commit, 2)).toEqual({
    kind: 'refused',
    symptoms: ['src/a.txt: conflict markers are left in it, resolve them'],
  });
});
