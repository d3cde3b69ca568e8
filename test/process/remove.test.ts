import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTree, removeTree } from '../../src/process/index.ts';
import { statSync } from 'node:fs';
import { Rig, write } from '../barrier/rig.ts';

test('a tree with folders that nobody may change is opened and removed; links are left alone', async () => {
  using rig = new Rig();
  const dir = join(rig.root, 'tree');
  const outside = join(rig.root, 'outside');
  write(outside, { 'keep.txt': 'k' });
  write(dir, { 'locked/deep/x.txt': 'x', secret: 's', link: { link: outside } });
  chmodSync(outside, 0o500);
  chmodSync(join(dir, 'secret'), 0o000);
  chmodSync(join(dir, 'locked/deep'), 0o500);
  chmodSync(join(dir, 'locked'), 0o400);
  await openTree(dir);
  expect(statSync(join(dir, 'locked')).mode & 0o700).toBe(0o700);
  expect(statSync(join(dir, 'locked/deep')).mode & 0o700).toBe(0o700);
  expect(statSync(join(dir, 'secret')).mode & 0o400).toBe(0o400);
  expect(statSync(outside).mode & 0o700).toBe(0o500);
  await removeTree(dir);
  await openTree(dir);
  expect(existsSync(dir)).toBe(false);
  expect(existsSync(join(outside, 'keep.txt'))).toBe(true);
  chmodSync(outside, 0o700);
});

test('a tree that is deeper than any path can say is removed, closed folders or not', async () => {
  using rig = new Rig();
  const dir = join(rig.root, 'deep');
  write(dir, { 'x.txt': 'x' });
  const script = 'for (1..1500) { mkdir "dddd"; chdir "dddd"; } open(F, ">x"); chmod 0500, ".";';
  execFileSync('perl', ['-e', script], { cwd: dir });
  await removeTree(dir);
  expect(existsSync(dir)).toBe(false);
});
