import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Project } from '../rig/project.ts';
import {
  bomb,
  expectEnd,
  expectRecovery,
  MANIFEST,
  manifestOf,
  runTiny,
  shell,
  tiny,
  UNPRIVILEGED,
} from './bad-rig.ts';

const GOOD = manifestOf('greeter');

const CONFLICT = `<<<<<<< HEAD
- [ ] greeter: One thing — no dependencies
=======
- [ ] greeter: Another thing — no dependencies
>>>>>>> theirs`;

const REFUSED: readonly [string, string | Uint8Array, RegExp][] = [
  ['binary', Buffer.from('7f454c46020101000000', 'hex'), /manifest\.md:1:1 .*binary/],
  ['no UTF-8', Buffer.from(`${GOOD}\xff\xfe`, 'latin1'), /manifest\.md:1:1 .*UTF-8/],
  ['UTF-16', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'), /manifest\.md:1:1 /],
  ['empty', '', /manifest\.md:1:1 .*empty/],
  ['nothing but blanks', ' \n\t\n', /manifest\.md:1:1 .*empty/],
  ['50 MB', Buffer.alloc(50_000_000, 'a\n'), /manifest\.md:1:1 .*47\.7 MiB; at most 4/],
  ['too many lines', GOOD + 'x\n'.repeat(50_001), /manifest\.md:\d+:\d+ .*lines/],
  ['nested 5,000 deep', `${GOOD}${'> '.repeat(5000)}x\n`, /manifest\.md:\d+:\d+ .*nest/],
  [
    'a bomb of YAML aliases',
    GOOD.replace('title:', `${bomb()}title:`),
    /manifest\.md:\d+:\d+ .*alias/,
  ],
  ['without a unit', '---\ntitle: x\n---\n', /manifest\.md:\d+:\d+ .*unit/],
  [
    'with a conflict of git in it',
    GOOD.replace(/- \[ \].*/, CONFLICT),
    /:\d+:\d+ .*twice|duplicate/,
  ],
];

describe('a manifest that is refused', () => {
  let project: Project;
  beforeAll(async () => {
    project = await tiny();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const untouched = async (content: string | Uint8Array): Promise<void> => {
    const bytes = await readFile(join(project.dir, MANIFEST));
    expect(hash(bytes)).toBe(hash(content));
    expect(await readdir(project.dir)).not.toContain('.factory');
  };

  test.each(REFUSED)('%s', async (_, content, says) => {
    await project.write(MANIFEST, content);
    const ended = await runTiny(project);
    expectEnd(ended, 2, says, /^ +hint: ./m);
    expect(ended.stderr.length).toBeLessThan(20_000);
    await untouched(content);
  });

  test('code in place of YAML is not executed', async () => {
    const proof = join(project.root, 'executed');
    const code = `---js\n{ title: require('node:fs').writeFileSync(${JSON.stringify(proof)}, 'x') }\n---\n`;
    const manifest = GOOD.replace(/^---\n[^]*?\n---\n/, code);
    await project.write(MANIFEST, manifest);
    expectEnd(await runTiny(project), 2, /manifest\.md:1:4 .*`js`/);
    await untouched(manifest);
    await project.write(MANIFEST, GOOD);
    const places = ['units/greeter.md', 'scenarios/greeter/says-hello.md'].map(
      (place) => `.start/specs/001-tiny/${place}`,
    );
    const before = await Promise.all(places.map((place) => project.read(place)));
    for (const place of places) await project.write(place, `${code}# It says hello\n`);
    const ended = await runTiny(project);
    expectEnd(ended, 2, /greeter\.md:1:4 .*`js`/, /says-hello\.md:1:4 .*`js`/);
    expect(await readdir(project.root)).not.toContain('executed');
    for (const [index, place] of places.entries()) await project.write(place, before[index] ?? '');
  });

  test('links that go round, or nowhere, or to a device', async () => {
    const file = join(project.dir, MANIFEST);
    const cases = [
      ['manifest.md', /manifest\.md.*circle/],
      ['/nowhere/at/all', /no manifest|does not exist/],
      ['/dev/zero', /not a regular file/],
    ] as const;
    for (const [target, says] of cases) {
      await rm(file, { recursive: true });
      await symlink(target, file);
      expectEnd(await runTiny(project), 2, says);
    }
    await rm(file);
    await mkdir(file);
    expectEnd(await runTiny(project), 2, /manifest\.md.*is a directory/s);
    await rm(file, { recursive: true });
    expectEnd(await runTiny(project), 2, /no manifest\.md/);
    await project.write(MANIFEST, GOOD);
  });

  test('behind a link, which git would not follow', async () => {
    const away = join(project.dir, 'away');
    for (const path of [MANIFEST, '.start/specs/001-tiny', '.start']) {
      const file = join(project.dir, path);
      await rename(file, away);
      await symlink(away, file);
      expectEnd(await runTiny(project), 2, /manifest\.md: .*symbolic link.*\n.*Put/);
      await rm(file);
      await rename(away, file);
    }
    await untouched(GOOD);
  });

  test('a spec folder that is a link to itself', async () => {
    const spec = join(project.dir, '.start/specs/001-tiny');
    const away = join(project.dir, 'away');
    await rename(spec, away);
    await symlink('001-tiny', spec);
    expectEnd(await runTiny(project), 2, /001-tiny.*circle/s);
    await rm(spec);
    await rename(away, spec);
  });

  test.skipIf(UNPRIVILEGED === null)('unreadable: file, folder, scenario', async () => {
    const cases = [
      [MANIFEST, /manifest\.md.*permission denied/s],
      ['.start/specs/001-tiny', /001-tiny.*permission denied/s],
      ['.start/specs/001-tiny/units', /units.*permission denied/s],
      ['.start/specs/001-tiny/scenarios/greeter/says-hello.md', /says-hello.*permission denied/s],
    ] as const;
    for (const [path, says] of cases) {
      await chmod(join(project.dir, path), 0o000);
      const ended = await shell(project, `exec ${UNPRIVILEGED} $F run 001 --agent "$GOOD"`);
      await chmod(join(project.dir, path), 0o755);
      expectEnd(ended, 2, says);
    }
    await untouched(GOOD);
  });

  test('and afterwards, corrected, it runs', () => expectRecovery(project));
});

describe('a manifest that is odd, but good', () => {
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  test.each([
    ['has CRLF', crlf(GOOD)],
    [
      'has a byte order mark, CRLF, and a line of a hundred thousand characters',
      `\uFEFF${crlf(GOOD.replace('# A tiny spec\n', `$&\n${'x'.repeat(1e5)}\n`))}`,
    ],
  ])('%s: only box and status change', async (_, content) => {
    await using project = await tiny();
    await project.write(MANIFEST, content);
    await project.commit('Odd');
    expectEnd(await runTiny(project), 0);
    expect(await project.read(MANIFEST)).toBe(
      content.replace('- [ ]', '- [x]').replace('status: pending', 'status: completed'),
    );
  });
});

const hash = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
