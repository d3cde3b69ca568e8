import { expect, test } from 'vitest';
import {
  backOut,
  changedFiles,
  forgetBackOuts,
  headOf,
  land,
  landingsBetween,
  makeWorkspace,
  originsOf,
} from '../../src/barrier/index.ts';
import type { Repository } from '../../src/barrier/index.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BRANCH, codeRun, DATE, git, good, request, Rig, SPEC, task, write } from './rig.ts';

type Files = Parameters<typeof write>[1];

/** Lands one code run of a unit and tells the commit. */
async function landing(
  repo: Repository,
  files: Files,
  { unit, attempt }: { readonly unit: string; readonly attempt: number },
): Promise<string> {
  const base = good(await headOf(repo, BRANCH));
  const { commit } = await codeRun(repo, task(base, { unit, attempt }), (dir) => write(dir, files));
  const outcome = good(await land(repo, request(commit, { unit, attempt })));
  if (outcome.kind !== 'landed') throw new Error(outcome.kind);
  return outcome.commit;
}

const asked = (unit: string, landings: readonly [string, ...string[]]) => ({
  branch: BRANCH,
  run: 'r1',
  spec: SPEC,
  unit,
  title: 'Second',
  landings,
  date: DATE,
});

test('landed work goes out of the branch by one commit, and into the next workspace of its unit', async () => {
  using rig = new Rig();
  const { repo, head: base } = await rig.ready();
  const one = await landing(repo, { 'src/b.txt': 'b\n' }, { unit: 'second', attempt: 1 });
  await landing(repo, { 'src/c.txt': 'c\n' }, { unit: 'third', attempt: 1 });
  const two = await landing(repo, { 'src/a.txt': 'ONE\ntwo\n' }, { unit: 'second', attempt: 2 });
  const done = good(await backOut(repo, asked('second', [one, two])));
  if (done.kind !== 'done') throw new Error(done.kind);
  const show = (what: string) => git(rig.project, 'show', what);
  expect(good(await headOf(repo, BRANCH))).toBe(done.commit);
  expect(git(rig.project, 'ls-tree', '-r', '--name-only', done.commit)).not.toContain('src/b.txt');
  expect(show(`${done.commit}:src/a.txt`)).toBe('one\ntwo\nthree\n');
  expect(show(`${done.commit}:src/c.txt`)).toBe('c\n');
  const log = git(rig.project, 'log', '-1', '--format=%B', done.commit);
  expect(log).toContain(`Factory-Backed-Out: ${one}\nFactory-Backed-Out: ${two}\nFactory-Work: `);

  const next = await makeWorkspace(repo, {
    ...task(done.commit, { unit: 'second', attempt: 3 }),
    conflict: done.work,
  });
  const { dir, conflicts } = good(next);
  expect(conflicts).toEqual([]);
  expect(readFileSync(join(dir, 'src/a.txt'), 'utf8')).toBe('ONE\ntwo\n');
  expect(existsSync(join(dir, 'src/b.txt'))).toBe(true);
  expect(good(await landingsBetween(repo, { from: base, to: done.commit })).size).toBe(3);
});

test('what a killed process took out is taken back, unless somebody went on from there', async () => {
  using rig = new Rig();
  const { repo } = await rig.ready();
  const to = await landing(repo, { 'src/b.txt': 'b\n' }, { unit: 'second', attempt: 1 });
  const forget = (run: string) => forgetBackOuts(repo, { branch: BRANCH, run, to });
  const done = good(await backOut(repo, asked('second', [to])));
  if (done.kind !== 'done') throw new Error(done.kind);
  good(await forget('r2'));
  expect(good(await headOf(repo, BRANCH))).toBe(done.commit);
  good(await forget('r1'));
  expect(good(await headOf(repo, BRANCH))).toBe(to);
  good(await backOut(repo, asked('second', [to])));
  const later = await landing(repo, { 'src/c.txt': 'c\n' }, { unit: 'third', attempt: 1 });
  good(await forget('r1'));
  expect(good(await headOf(repo, BRANCH))).toBe(later);
});

test('work that others built on is entangled, and stays', async () => {
  using rig = new Rig();
  const { repo } = await rig.ready();
  const one = await landing(repo, { 'src/b.txt': 'b\n' }, { unit: 'second', attempt: 1 });
  const two = await landing(repo, { 'src/b.txt': 'b, and c\n' }, { unit: 'third', attempt: 1 });
  expect(good(await backOut(repo, asked('second', [one])))).toEqual({
    kind: 'entangled',
    paths: ['src/b.txt'],
  });
  expect(good(await headOf(repo, BRANCH))).toBe(two);
});

test('what a run changed is told by file and line, whatever it is called now', async () => {
  using rig = new Rig({
    'src/a.txt': 'one\ntwo\nthree\n',
    'src/old.txt': 'long enough\nto be\nfound\n',
  });
  const { repo, head: from } = await rig.ready();
  const to = await landing(
    repo,
    { 'src/a.txt': 'one\n2\nthree\n', 'ü b.txt': 'x\n' },
    { unit: 'second', attempt: 1 },
  );
  expect(good(await changedFiles(repo, { from, to }))).toEqual([
    { path: 'src/a.txt', before: 'src/a.txt' },
    { path: 'ü b.txt', before: null },
  ]);
  const origins = good(await originsOf(repo, { commit: to, path: 'src/a.txt' }));
  const landings = good(await landingsBetween(repo, { from, to }));
  expect(origins.map((id) => landings.get(id) ?? null)).toEqual([null, 'second', null]);
});
