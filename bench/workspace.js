import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  disposeWorkspace,
  makeWorkspace,
  openBranch,
  openRepository,
} from '../dist/barrier/index.js';
import { inTurn } from './rounds.js';
import { machineSandbox } from './sandbox.js';
import { spawned } from './spawned.js';
import { writeSpec } from './spec.js';
import { ratioRow } from './table.js';

const ROUNDS = 20;
const SPEC = '001-measured';
const DATE = '2026-01-01T00:00:00Z';

/** How long an agent waits for its workspace once there is a template, and what a repository 25 times as large changes. */
export async function workspace(scratch) {
  const sandbox = await machineSandbox(scratch);
  const small = await place(join(scratch, 'small'), { files: 1_000, sandbox });
  const large = await place(join(scratch, 'large'), { files: 25_000, sandbox });
  const revParse = await inTurn(ROUNDS, {
    thing: large.make,
    yardstick: async () => (await spawned(['git', 'rev-parse', 'HEAD'], large.project)).ms,
  });
  const growth = await inTurn(ROUNDS, { thing: large.make, yardstick: small.make });
  small.close();
  large.close();
  return [
    ratioRow({
      what: 'workspace, 25,000 files, template there',
      per: '`git rev-parse HEAD`',
      limit: 15,
      ...revParse,
    }),
    ratioRow({ what: 'the same', per: '1,000 files', limit: 1.5, ...growth }),
  ];
}

/** A repository with its template made. `make`: ms until a workspace is ready. */
async function place(dir, { files, sandbox }) {
  const project = join(dir, 'project');
  for (let index = 0; index < files; index += 1) {
    const folder = join(project, `src/part-${Math.floor(index / 100)}`);
    if (index % 100 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `module-${index}.js`), `export const value = ${index};\n`);
  }
  const specDir = join(project, '.start/specs', SPEC);
  writeSpec(specDir, { groups: [{ mode: 'parallel', units: ['part'] }] });
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@example.invalid', ...args], {
      cwd: project,
    });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message=Start');
  const repo = must(
    await openRepository({
      project,
      mode: 'branch',
      scratch: join(dir, 'scratch'),
      path: process.env.PATH,
      date: DATE,
      sandbox,
    }),
  );
  const { head } = must(await openBranch(repo, { branch: `factory/${SPEC}`, specDir, date: DATE }));
  let attempt = 0;
  const make = async () => {
    attempt += 1;
    const began = performance.now();
    const made = must(
      await makeWorkspace(repo, {
        run: 'bench',
        spec: SPEC,
        unit: 'part',
        attempt,
        base: head,
        conflict: null,
        layer: null,
      }),
    );
    const ms = performance.now() - began;
    await disposeWorkspace(made);
    return ms;
  };
  await make();
  return { project, make, close: () => repo.close() };
}

function must(result) {
  if (!result.ok) throw new Error(`${result.error.what} ${result.error.remedy}`);
  return result.value;
}
