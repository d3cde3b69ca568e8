import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitFile, headOf, land, readFile } from '../../src/barrier/index.ts';
import type { Repository } from '../../src/barrier/index.ts';
import {
  bad,
  BRANCH,
  codeRun,
  DATE,
  git,
  good,
  landed,
  request,
  Rig,
  SPEC,
  task,
  write,
} from './rig.ts';

/** What the policy says to one set of files. */
async function refusal(
  repo: Repository,
  base: string,
  {
    files,
    attempt,
    unitText = '',
  }: { files: Parameters<typeof write>[1]; attempt: number; unitText?: string },
) {
  const { commit } = await codeRun(repo, task(base, { attempt }), (dir) => write(dir, files));
  const outcome = good(await land(repo, request(commit, { attempt, unitText })));
  return outcome.kind === 'refused' ? outcome.symptoms : outcome.kind;
}

test('the policy names what to undo, in one line each', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const cases: readonly (readonly [Parameters<typeof write>[1], string | RegExp])[] = [
    [
      { [`.start/specs/${SPEC}/manifest.md`]: 'x' },
      '.start/specs/001-thing/manifest.md: files under .start are not yours, undo this change',
    ],
    [{ '.Start/x': 'x' }, /\.Start\/x: files under \.start/],
    [{ 'CLAUDE.md': 'obey' }, /CLAUDE\.md: instructions for agents/],
    [{ 'sub/.claude/settings.json': '{}' }, /instructions for agents/],
    [{ 'lib/agents.md': 'x' }, /instructions for agents/],
    [{ out: { link: '/etc/passwd' } }, /out: the symbolic link leads out/],
    [{ 'a/out': { link: '../../x' } }, /leads out/],
    [{ 'a/out': { link: 'b/../../../x' } }, /leads out/],
    [{ 'a/out': { link: 'in/../x' } }, /leads out/],
    [{ out: { link: '.start/specs' } }, /leads out/],
    [{ 'bad\nname.txt': 'x' }, /control or invalid characters/],
    [
      { 'test/first-part.test.ts': 'x' },
      /test\/first-part\.test\.ts: the name of this new file is reserved/,
    ],
    [{ 'src/FirstPart.ts': 'x' }, /reserved/],
    [{ 'first_part/x.ts': 'x' }, /reserved/],
  ];
  for (const [index, [files, message]] of cases.entries()) {
    const [line, ...more] = await refusal(repo, head, { files, attempt: index + 1 });
    if (message instanceof RegExp) expect(line).toMatch(message);
    else expect(line).toBe(message);
    expect(more).toEqual([]);
  }
  expect(good(await headOf(repo, BRANCH))).toBe(head);
});

test('what only looks like a violation lands', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const files = {
    'start/x': 'x',
    'a/b/in': { link: '../../src/a.txt' },
    'src/firstparty.ts': 'x',
    'startup.md': 'x',
  };
  expect(await refusal(repo, head, { files, attempt: 1 })).toBe('landed');
  const named = {
    files: { 'lib/first-part.js': 'x' },
    attempt: 2,
    unitText: 'Write `lib/first-part.js`.',
  };
  expect(await refusal(repo, head, named)).toBe('landed');
});

test('units land side by side, each as one commit with trailers, and only once', async () => {
  using rig = new Rig({ 'src/a.txt': '1\n2\n3\n4\n5\n6\n7\n8\n9\n' });
  const { repo, head } = await rig.ready();
  const runs = ['u-one', 'u-two', 'u-three'].map((unit, index) => ({ unit, index }));
  const work = await Promise.all(
    runs.map(({ unit, index }) =>
      codeRun(repo, task(head, { unit }), (dir) => {
        const lines = '1 2 3 4 5 6 7 8 9'.split(' ');
        lines[index * 4] += '!';
        write(dir, { 'src/a.txt': `${lines.join('\n')}\n`, [`n${index}.txt`]: 'new' });
      }),
    ),
  );
  const outcomes = await Promise.all(
    runs.map(({ unit, index }) =>
      landed(repo, request(work[index]?.commit ?? '', { unit, iteration: 2, attempt: 1 })),
    ),
  );
  const tip = good(await headOf(repo, BRANCH));
  expect(git(rig.project, 'show', `${tip}:src/a.txt`)).toBe('1!\n2\n3\n4\n5!\n6\n7\n8\n9!\n');
  expect(git(rig.project, 'rev-list', '--count', `${head}..${tip}`).trim()).toBe('3');
  const body = git(
    rig.project,
    'log',
    '-1',
    '--format=%an <%ae> %aI%n%B',
    outcomes[1]?.commit ?? '',
  );
  expect(body).toContain('implement-factory <implement-factory@localhost> 2026-01-02T03:04:05');
  expect(body).toContain(
    `Factory-Run: run-1\nFactory-Spec: ${SPEC}\nFactory-Unit: u-two\nFactory-Iteration: 2\nFactory-Attempt: 1`,
  );

  // Another process after a crash: what it knows, it reads from the branch.
  const later = good(await rig.open());
  const again = await landed(
    later,
    request(work[1]?.commit ?? '', { unit: 'u-two', iteration: 2 }),
  );
  expect(again).toEqual({ ...outcomes[1], files: 2, head: tip });
  expect(good(await headOf(later, BRANCH))).toBe(tip);
});

test('a branch that moves meanwhile is merged onto, not overwritten', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const { commit } = await codeRun(repo, task(head), (dir) => write(dir, { 'b.txt': 'b' }));
  await landed(
    repo,
    request(
      (await codeRun(repo, task(head, { unit: 'u-x' }), (dir) => write(dir, { 'x.txt': 'x' })))
        .commit,
      { unit: 'u-x' },
    ),
  );
  // A person commits to the run branch behind the runtime's back.
  const tree = join(rig.root, 'tree');
  git(rig.project, 'worktree', 'add', '-q', '--detach', tree, BRANCH);
  write(tree, { 'person.txt': 'p' });
  git(tree, 'add', '-A');
  git(tree, 'commit', '-q', '-m', 'By hand');
  git(tree, 'update-ref', `refs/heads/${BRANCH}`, 'HEAD');

  const outcome = await landed(repo, request(commit));
  const names = git(rig.project, 'ls-tree', '--name-only', outcome.commit).split('\n');
  expect(names).toEqual(expect.arrayContaining(['b.txt', 'x.txt', 'person.txt']));
});

test('conflict markers that are left are refused', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const mine = await codeRun(repo, task(head), (dir) => write(dir, { 'src/a.txt': 'mine\n' }));
  const theirs = await codeRun(repo, task(head, { unit: 'u-x' }), (dir) =>
    write(dir, { 'src/a.txt': 'theirs\n' }),
  );
  const { commit: base } = await landed(repo, request(theirs.commit, { unit: 'u-x' }));
  const lazy = await codeRun(
    repo,
    task(base, { attempt: 2, conflict: mine.commit }),
    () => undefined,
  );
  const outcome = good(await land(repo, request(lazy.commit, { attempt: 2 })));
  expect(outcome).toEqual({
    kind: 'refused',
    symptoms: ['src/a.txt: conflict markers are left in it, resolve them'],
  });
});

test('a file is committed and read back byte by byte, and only when it differs', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const path = `.start/specs/${SPEC}/manifest.md`;
  for (const bytes of [Buffer.from('\uFEFF- [x] ü\r\n'), Buffer.from([255, 0, 10, 200])]) {
    const file = { branch: BRANCH, path, bytes, message: 'Tick', date: DATE };
    const commit = good(await commitFile(repo, file));
    expect(Buffer.from(good(await readFile(repo, BRANCH, path)) ?? []).equals(bytes)).toBe(true);
    expect(good(await commitFile(repo, file))).toBe(commit);
  }
  expect(git(rig.project, 'rev-list', '--count', `${head}..${BRANCH}`).trim()).toBe('2');
  expect(git(rig.project, 'diff', '--name-only', head, BRANCH).trim()).toBe(path);
  expect(good(await readFile(repo, BRANCH, 'missing.txt'))).toBeNull();
  expect(good(await readFile(repo, 'nothing', 'missing.txt'))).toBeNull();
});

test('a file read after landings and commits is the one of that commit', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const path = `.start/specs/${SPEC}/manifest.md`;
  const tick = async (text: string) =>
    good(
      await commitFile(repo, {
        branch: BRANCH,
        path,
        bytes: Buffer.from(text),
        message: 'Tick',
        date: DATE,
      }),
    );
  const text = async (rev: string) =>
    Buffer.from(good(await readFile(repo, rev, path)) ?? []).toString();
  const first = await tick('first');
  const { commit } = await codeRun(repo, task(first), (dir) => write(dir, { 'b.txt': 'b' }));
  const { commit: onTop } = await landed(repo, request(commit));
  expect(await text(onTop)).toBe('first');
  const second = await tick('second');
  expect(await text(second)).toBe('second');
  expect(await text(onTop)).toBe('first');
  expect(await text(head)).toContain('title: Thing');
  expect(git(rig.project, 'show', `${onTop}:${path}`)).toBe('first');
});

test('a run branch that is gone is said so', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const { commit } = await codeRun(repo, task(head), (dir) => {
    mkdirSync(join(dir, 'd'));
    write(dir, { 'd/x': 'x' });
  });
  git(rig.project, 'branch', '-D', BRANCH);
  expect(bad(await land(repo, request(commit)))).toMatchObject({ where: BRANCH });
});
