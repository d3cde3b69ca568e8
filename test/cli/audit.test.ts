import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Receipt } from '../../src/domain/index.ts';
import { receiptSchema } from '../../src/report/index.ts';
import { scripted } from '../rig/minimal.ts';
import { Project, type Ended } from '../rig/project.ts';

const SPEC = '.start/specs/001-signs';
const SCENARIO = 'scenarios/sign-1/reads-as-agreed.md';

async function runFolder(project: Project): Promise<string> {
  const runs = join(project.dir, '.factory/runs/001-signs');
  const [run = ''] = await readdir(runs);
  return join(runs, run);
}

interface Answer {
  ok: boolean;
  differences: { part: string }[];
  receipt: Receipt;
}

async function audited(project: Project) {
  const { code, stdout } = await project.cli(['audit', '--json']);
  return { code, ...(JSON.parse(stdout) as Answer) };
}

/** Changes a file for as long as `look` takes. */
async function changed<T>(
  file: string,
  change: (text: string) => string,
  look: () => Promise<T>,
): Promise<T> {
  const text = await readFile(file, 'utf8');
  expect(change(text)).not.toBe(text);
  await writeFile(file, change(text));
  const answer = await look();
  await writeFile(file, text);
  return answer;
}

/** What `audit` says of a repository in which one object reads otherwise, under its name, or is gone. */
async function altered(
  project: Project,
  id: string,
  change: ((text: string) => string) | null,
): Promise<Ended> {
  const file = join(project.dir, '.git/objects', id.slice(0, 2), id.slice(2));
  const kept = await readFile(file);
  await rm(file);
  if (change !== null) {
    const text = inflateSync(kept).toString('latin1');
    expect(change(text)).not.toBe(text);
    await writeFile(file, deflateSync(Buffer.from(change(text), 'latin1')));
  }
  const ended = await project.cli(['audit']);
  await writeFile(file, kept);
  return ended;
}

test('the schema of receipts is published', async () => {
  await expect(`${JSON.stringify(receiptSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../docs/receipt.schema.json',
  );
});

test(
  'a run leaves a receipt that can be made again, and that nothing can be changed in',
  { timeout: 300_000 },
  async () => {
    await using project = (await Project.minimal({ checks: 'authored', wrong: { 1: 1 } })).shutIn();
    const none = await project.cli(['audit']);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('never run')]);
    expect((await project.cli(['run', ...scripted(project)])).code).toBe(0);
    const dir = await runFolder(project);
    const file = join(dir, 'receipt.json');
    const receipt = Receipt.parse(JSON.parse(await readFile(file, 'utf8')));
    expect(receipt).toMatchObject({
      outcome: 'completed',
      trip: null,
      changed: [],
      feedback: [{ unit: 'sign-1', lines: 1, guided: 0 }],
      landed: [
        { unit: 'sign-1', hidden: [] },
        { unit: 'sign-1', hidden: [] },
      ],
      others: [],
      findings: [],
      objections: [],
    });
    expect(Object.keys(receipt.inputs)).toContain(SCENARIO);
    expect(receipt.audits.flatMap(({ shared }) => shared)).toEqual([]);
    expect(receipt.audits.filter(({ hunt }) => hunt !== null)).toHaveLength(1);
    const [told] = receipt.feedback;
    expect(told?.bits).toBeGreaterThan(0);
    expect(told?.bits).toBeLessThan(40);
    const refs = await project.git('for-each-ref');
    expect(await audited(project)).toMatchObject({ code: 0, ok: true, differences: [], receipt });
    const told2 = await project.cli(['audit']);
    expect([told2.code, told2.stdout]).toEqual([
      0,
      expect.stringContaining('Nothing speaks against'),
    ]);
    expect(await project.git('for-each-ref')).toBe(refs);

    const look = () => audited(project);
    const forged = await changed(file, (text) => text.replace('"lines": 1', '"lines": 0'), look);
    expect(forged).toMatchObject({ code: 1, ok: false, differences: [{ part: 'feedback' }] });
    const retold = await changed(
      join(project.dir, SPEC, SCENARIO),
      (text) => `${text}\nMore.\n`,
      look,
    );
    expect(retold).toMatchObject({ code: 1, receipt: { changed: [SCENARIO] } });
    expect(retold.receipt.objections).toMatchObject([{ where: SCENARIO }]);
    const journal = join(dir, 'journal.ndjson');
    const rewritten = await changed(
      journal,
      (text) => text.replace(/"holdouts":\d+/, '"holdouts":99'),
      look,
    );
    expect(rewritten).toMatchObject({ code: 1, differences: [{ part: 'audits' }] });
    const [{ tree } = { tree: '' }] = receipt.audits;
    const otherTree = await project.git('rev-parse', 'HEAD^{tree}');
    const swapped = await changed(journal, (text) => text.replaceAll(tree, otherTree), look);
    expect(swapped.receipt.objections[0]?.what).toMatch(/clean base/);
    const tick = await project.git('rev-parse', 'factory/001-signs');
    const meddled = await changed(
      journal,
      (text) => text.replaceAll(receipt.landed[0]?.commit ?? '', tick),
      look,
    );
    expect(meddled.receipt.objections.map(({ what }) => what)).toContain(
      'work of sign-1 changes a spec directory',
    );

    const landed = receipt.landed.at(-1)?.commit ?? '';
    const post = await project.git('rev-parse', `${landed}:posts/1.txt`);
    const other = (text: string) => text.replace('right', 'wrong').replace('Sign', 'Sigh');
    for (const id of [post, landed])
      expect(await altered(project, id, other)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`are not what their names say: ${id}`),
      });
    expect(await altered(project, post, null)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be read'),
    });

    await project.cli(['finish', '--merge']);
    await project.git('branch', '--delete', 'factory/001-signs');
    expect(await audited(project)).toMatchObject({ code: 0, ok: true });
    await rm(file);
    expect(await audited(project)).toMatchObject({ code: 1, differences: [{ part: 'receipt' }] });
  },
);

test('without git the private repository says what there is to say', async () => {
  await using project = await Project.minimal({ git: false });
  expect((await project.cli(['run', '--git', 'none', ...scripted(project)])).code).toBe(0);
  expect(await audited(project)).toMatchObject({
    code: 0,
    ok: true,
    receipt: { outcome: 'completed', landed: [{ hidden: [] }] },
  });
});

test('scenarios that are changed while a run goes on speak against it', async () => {
  await using project = await Project.minimal();
  const scenario = join(project.dir, SPEC, SCENARIO);
  const agent = `command:sh -c 'mkdir -p posts && echo right > posts/1.txt && echo easier >> "${scenario}"'`;
  const evaluator = scripted(project)[1] ?? '';
  const ended = await project.cli([
    'run',
    '--barrier',
    'advisory',
    '--agent',
    agent,
    '--evaluator',
    evaluator,
  ]);
  expect(ended.stderr).toContain(`not what the run was begun with (${SCENARIO})`);
  expect(await audited(project)).toMatchObject({ code: 1, receipt: { changed: [SCENARIO] } });
});
