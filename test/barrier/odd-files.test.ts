import { expect, test } from 'vitest';
import {
  disposeWorkspace,
  harvest,
  land,
  makeWorkspace,
  openBranch,
} from '../../src/barrier/index.ts';
import { run, type Sandbox } from '../../src/process/index.ts';
import { behindWall, sandbox } from '../rig/sandbox.ts';
import { BRANCH, DATE, git, good, PATH, request, Rig, task } from './rig.ts';

/** Names and kinds of files that careless tools lose, change or stumble over. */
const ODD = {
  'src/a.txt': 'one\n',
  'leer zeichen/ümläut.txt': 'nfc\n'.normalize('NFC'),
  ['decomposed/u\u0308.txt'.normalize('NFD')]: 'nfd\n',
  'emoji 🦉/日本語.txt': 'wide\n',
  'quotes/it\'s "so" $HOME `x` *.txt': 'quotes\n',
  '-rf': 'dash\n',
  empty: '',
  'no-newline': 'end',
  'crlf.txt': 'a\r\nb\r\n',
  'bytes.bin': new Uint8Array([0, 255, 254, 0, 13, 10, 128]),
  'inner-link': { link: 'src/a.txt' },
  'folder-link': { link: 'src' },
};

/** Lists every file with its mode and hash, as git would see them, whatever it is called. */
const LIST = `find . -path ./.git -prune -o \\( -type f -o -type l \\) -print0 | sort -z | while IFS= read -r -d '' f; do
  if [ -L "$f" ]; then printf '%s -> %s\\n' "$f" "$(readlink "$f")"; else printf '%s %s %s\\n' "$f" "$(stat -c %A "$f")" "$(git hash-object --no-filters -- "$f")"; fi
done`;

async function codeRun(wall: Sandbox, work: string) {
  using rig = new Rig(ODD);
  rig.commit();
  const repo = good(await rig.open('branch', { sandbox: wall }));
  const { head } = good(
    await openBranch(repo, { branch: BRANCH, specDir: rig.specDir, date: DATE }),
  );
  const workspace = good(await makeWorkspace(repo, task(head)));
  const exit = await run(
    {
      label: 'agent',
      command: ['bash', '-ec', work],
      cwd: workspace.dir,
      env: { PATH, HOME: workspace.home, LC_ALL: 'C.UTF-8' },
      view: workspace.view,
    },
    wall,
  );
  expect([exit.code, exit.stderr]).toEqual([0, '']);
  const harvested = good(
    await harvest(repo, workspace, { date: DATE, mostBytes: 4_000_000, mostSeconds: 1 }),
  );
  await disposeWorkspace(workspace);
  const outcome = good(await land(repo, request(harvested.commit)));
  const tree = (commit: string) => git(rig.project, 'ls-tree', '-r', '-z', commit).split('\0');
  return {
    rig,
    stdout: exit.stdout,
    files: harvested.files,
    outcome,
    before: tree(head),
    after: outcome.kind === 'landed' ? tree(outcome.commit) : [],
    seen: git(rig.project, 'ls-files', '-z').split('\0'),
  };
}

const walls: [string, Sandbox][] = [
  ['without a sandbox', { kind: 'none' }],
  ['in the sandbox', sandbox],
];

behindWall.each(walls)('odd files %s', (_, wall) => {
  test('an agent that changes nothing changes nothing', async () => {
    const { files, stdout, seen, outcome } = await codeRun(wall, `git status --porcelain; ${LIST}`);
    expect(files).toEqual([]);
    expect(outcome.kind).toBe('landed');
    const visible = seen.filter((path) => path !== '' && !path.startsWith('.start/'));
    const listed = stdout.split('\n').filter((line) => line !== '');
    expect(listed).toHaveLength(visible.length);
    for (const path of visible)
      expect(listed.some((line) => line.startsWith(`./${path} `))).toBe(true);
  });

  test('what an agent makes of them lands as it made it', async () => {
    const { before, after } = await codeRun(
      wall,
      `chmod +x src/a.txt; mv 'leer zeichen/ümläut.txt' "leer zeichen/neu 🦊.txt"; rm -- -rf
       printf '\\0\\377' >>bytes.bin; ln -s ../empty src/up; rm inner-link; echo plain >inner-link
       mkdir -p 'a/b c/ñ'; printf x >'a/b c/ñ/é'; head -c 3000000 /dev/urandom >large.bin`,
    );
    const changed = after.filter((line) => !before.includes(line));
    const shapes = changed.map((line) => line.replace(/ blob \S+/, ''));
    expect(shapes.toSorted()).toEqual([
      '100644\ta/b c/ñ/é',
      '100644\tbytes.bin',
      '100644\tinner-link',
      '100644\tlarge.bin',
      '100644\tleer zeichen/neu 🦊.txt',
      '100755\tsrc/a.txt',
      '120000\tsrc/up',
    ]);
    expect(after.some((line) => line.endsWith('\t-rf'))).toBe(false);
  });

  test('pipes, sockets and what lies deeper than a path can say stay behind', async () => {
    const { files, outcome } = await codeRun(
      wall,
      `mkfifo pipe; mkdir d; mkfifo d/pipe; echo kept >d/kept
       perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "sock", Listen => 1) or die'
       perl -e 'for (1..1500) { mkdir "dddd"; chdir "dddd" } open(F, ">x")'`,
    );
    expect([files, outcome.kind]).toEqual([['d/kept'], 'landed']);
  });

  test.each([
    [
      'a nested repository',
      'git init -q nested && git -C nested -c user.name=x -c user.email=x@y commit -q --allow-empty -m x',
      /nested/,
    ],
    ['a link out of the tree', 'ln -s /etc/passwd out', /out: /],
    ['a link that climbs out', 'ln -s ../../x src/out', /src\/out: /],
    ['a line feed in a name', `touch $'two\\nlines'`, /control characters|name/],
    ['what never ends', 'truncate -s 100G huge.bin', /too large/],
    ['more than anybody reviews', 'head -c 5000000 /dev/urandom >huge.bin', /larg|MiB|too much/],
  ])('%s is refused with a reason', async (_name, work, reason) => {
    const { outcome } = await codeRun(wall, work);
    expect(outcome).toMatchObject({ kind: 'refused', symptoms: [expect.stringMatching(reason)] });
  });
});
