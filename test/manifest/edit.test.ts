import { readFile, readdir, stat, symlink, chmod, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { unitId } from '../../src/domain/index.ts';
import {
  editManifest,
  neutralHash,
  projectEdit,
  sha256,
  writeAtomically,
} from '../../src/manifest/index.ts';
import type { Edit } from '../../src/manifest/index.ts';
import build from '../rig/build.ts';
import { MANIFEST, temporaryDirectory, unprivileged } from './spec-directory.ts';

const BODY =
  '## Units\n- [ ] api: The API — no dependencies  \n* [X] cart: [ ] Cart — after: api\n## Execution Order\nGroup 1 (parallel): api\n';
const edit = (status: Edit['status'], ...tick: string[]): Edit => ({
  status,
  tick: tick.map(unitId),
});

function edited(text: string, change: Edit): string {
  const result = editManifest(text, change);
  if (!result.ok) throw new Error(result.error.what);
  return result.value.toString();
}

describe('an edit changes the boxes and the status, and no other byte', () => {
  test.each([
    ['status: pending', 'status: completed'],
    ['status:   pending   # for now', 'status:   completed   # for now'],
    ['status: "pending"', 'status: "completed"'],
    ["status: 'pending'", "status: 'completed'"],
    ['status:', 'status: completed'],
    ['status: # none yet', 'status: completed # none yet'],
    ['"status" : pending', '"status" : completed'],
    ['# status: pending\nstatus: failed', '# status: pending\nstatus: completed'],
    ['z: 1\na:  [2,3]', 'z: 1\na:  [2,3]\nstatus: completed'],
    ['note: |\n  long\n\n  text', 'note: |\n  long\n\n  text\nstatus: completed'],
  ])('%s', (before, after) => {
    for (const newline of ['\n', '\r\n']) {
      for (const bom of ['', '\uFEFF']) {
        const text = bom + `---\ntitle: "T"\n${before}\n---\n${BODY}`.replaceAll('\n', newline);
        const expected =
          bom +
          `---\ntitle: "T"\n${after}\n---\n${BODY.replace('[ ] api', '[x] api')}`.replaceAll(
            '\n',
            newline,
          );
        expect(edited(text, edit('completed', 'api', 'cart'))).toBe(expected);
      }
    }
  });

  test('a flow mapping keeps its braces', () => {
    const text = `---\n{ title: T, status: pending }\n---\n${BODY}`;
    expect(edited(text, edit('failed'))).toBe(text.replace('pending', 'failed'));
  });

  test('nothing to do is nothing done', () => {
    const text = `---\ntitle: T\nstatus: in_progress\n---\n${BODY}`;
    expect(edited(text, edit('in_progress', 'cart'))).toBe(text);
    const once = edited(text, edit('failed', 'api'));
    expect(edited(once, edit('failed', 'api'))).toBe(once);
  });

  test('what cannot be edited is a problem', () => {
    const change = edit('completed', 'api', 'gone');
    expect(editManifest(`---\ntitle: T\n---\n${BODY}`, change)).toMatchObject({
      ok: false,
      error: { what: 'The manifest has no unit `gone`.' },
    });
    for (const text of [
      '',
      BODY,
      '---\ntitle: T\n',
      '---\n{title: T}\n---\n',
      `---\ntitle: T\nstatus: |\n  pending\n---\n${BODY}`,
      Buffer.from([0, 1, 2]),
      Buffer.from([0xff]),
    ]) {
      const result = editManifest(text, edit('completed'));
      if (result.ok) throw new Error(result.value.toString());
      expect(result.error.remedy).not.toBe('');
    }
  });
});

test('the neutral hash sees everything but boxes and status', () => {
  const text = `---\ntitle: T\n---\n${BODY}`;
  const same = [
    edited(text, edit('completed', 'api')),
    edited(text, edit('pending')),
    `---\nstatus: failed # broken\ntitle: T\n---\n${BODY.replace('[X]', '[ ]')}`,
  ];
  for (const other of same) expect(neutralHash(other)).toBe(neutralHash(text));
  const different = [
    text.replace('title: T', 'title: U'),
    text.replace('The API', 'The APIs'),
    text.replace('cart: [ ]', 'cart: [x]'),
    text.replaceAll('\n', '\r\n'),
    `${text}\n`,
    '',
  ];
  for (const other of different) expect(neutralHash(other)).not.toBe(neutralHash(text));
});

describe('writing is atomic', () => {
  test('keeps the mode, follows links, leaves nothing else behind', async () => {
    const dir = await temporaryDirectory();
    await mkdir(join(dir, 'real'));
    const target = join(dir, 'real/manifest.md');
    await writeFile(target, MANIFEST);
    await chmod(target, 0o640);
    const link = join(dir, 'manifest.md');
    await symlink('real/manifest.md', link);
    expect(await writeAtomically(link, Buffer.from('new'), sha256(MANIFEST))).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await readFile(target, 'utf8')).toBe('new');
    expect((await stat(target)).mode & 0o777).toBe(0o640);
    expect(await readdir(dir)).toEqual(['manifest.md', 'real']);
    expect(await readdir(join(dir, 'real'))).toEqual(['manifest.md']);
  });

  test('a file that a person edited meanwhile stays', async () => {
    const file = join(await temporaryDirectory(), 'manifest.md');
    await writeFile(file, 'edited');
    const result = await writeAtomically(file, Buffer.from('new'), sha256('original'));
    expect(result).toMatchObject({
      ok: false,
      error: { where: file, what: expect.stringMatching(/edited/) as string },
    });
    expect(await readFile(file, 'utf8')).toBe('edited');
  });

  test('a folder that is read-only, and a file that is gone, are problems', async () => {
    const dir = await temporaryDirectory();
    const file = join(dir, 'manifest.md');
    await writeFile(file, MANIFEST);
    await chmod(file, 0o666);
    const result = await unprivileged(dir, async () => {
      // Root may write anywhere; as somebody else the directory, not theirs, is read-only anyway.
      if (process.geteuid?.() === (await stat(dir)).uid) await chmod(dir, 0o555);
      return writeAtomically(file, Buffer.from('new'), sha256(MANIFEST));
    });
    await chmod(dir, 0o700);
    expect(result).toMatchObject({
      ok: false,
      error: { what: expect.stringMatching(/permission denied/) as string },
    });
    expect(await readFile(file, 'utf8')).toBe(MANIFEST);
    expect(await readdir(dir)).toEqual(['manifest.md']);
    const gone = await writeAtomically(join(dir, 'gone.md'), Buffer.from('new'), sha256(''));
    expect(gone).toMatchObject({
      ok: false,
      error: { what: expect.stringMatching(/does not exist/) as string },
    });
  });

  test('a disk without room is a problem, and the old file stays whole', async () => {
    const dir = await temporaryDirectory();
    const file = join(dir, 'manifest.md');
    await writeFile(file, MANIFEST);
    await build();
    const script = join(import.meta.dirname, '../fixtures/manifest/write-much.js');
    // A limit on the size of files stands in for a full disk: the write fails half-way.
    const limited = ['-c', 'ulimit -f 4 && exec "$0" "$@"', process.execPath, script, file];
    const run = spawnSync('sh', limited, { encoding: 'utf8' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      ok: false,
      error: { where: file, what: expect.stringMatching(/allowed size/) as string },
    });
    expect(await readFile(file, 'utf8')).toBe(MANIFEST);
    expect(await readdir(dir)).toEqual(['manifest.md']);
  });
});

describe('a projection edits the copy a person works on', () => {
  test('whatever else they changed', async () => {
    const file = join(await temporaryDirectory(), 'manifest.md');
    const theirs = MANIFEST.replace('Shop', 'Shop!').replace(/- \[ \] cart.*\n/, '');
    await writeFile(file, theirs);
    const change = edit('in_progress', 'api', 'cart');
    expect(await projectEdit(file, change)).toEqual({
      ok: true,
      value: { changed: true, skipped: ['cart'] },
    });
    expect(await readFile(file, 'utf8')).toBe(
      theirs.replace('[ ] api', '[x] api').replace('Shop!\n', 'Shop!\nstatus: in_progress\n'),
    );
    expect(await projectEdit(file, change)).toEqual({
      ok: true,
      value: { changed: false, skipped: ['cart'] },
    });
  });

  test('a copy that is gone or broken is a problem', async () => {
    const file = join(await temporaryDirectory(), 'manifest.md');
    expect(await projectEdit(file, edit('failed'))).toMatchObject({
      ok: false,
      error: { where: file },
    });
    await writeFile(file, 'no manifest');
    expect(await projectEdit(file, edit('failed'))).toMatchObject({
      ok: false,
      error: { where: file },
    });
  });
});
