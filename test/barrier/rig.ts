import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  harvest,
  land,
  makeWorkspace,
  openBranch,
  openRepository,
  openSandbox,
} from '../../src/barrier/index.ts';
import type {
  LandRequest,
  OpenOptions,
  Repository,
  Workspace,
  WorkspaceTask,
} from '../../src/barrier/index.ts';
import type { Result } from '../../src/domain/index.ts';
import type { Sandbox } from '../../src/process/index.ts';

export const DATE = '2026-01-02T03:04:05Z';
export const SPEC = '001-thing';
export const BRANCH = `factory/${SPEC}`;
export const SECRET = 'Given the moon is full, the answer is 4711';

export const PATH = process.env['PATH'] ?? '/usr/bin:/bin';

/** The value of a result that has to be one. */
export function good<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`Expected a value, got ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The error of a result that has to be one. */
export function bad<E>(result: Result<unknown, E>): E {
  if (result.ok) throw new Error(`Expected an error, got ${JSON.stringify(result.value)}`);
  return result.error;
}

/** Git as a person would use it. */
export const git = (cwd: string, ...args: string[]): string =>
  execFileSync(
    'git',
    [
      '-c',
      'user.name=Person',
      '-c',
      'user.email=person@example.org',
      '-c',
      'commit.gpgSign=false',
      ...args,
    ],
    {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', HOME: '/nonexistent' },
    },
  );

type Content = string | Uint8Array | { readonly link: string };

export function write(dir: string, files: Readonly<Record<string, Content>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, file);
    else writeFileSync(file, content);
  }
}

const SPEC_FILES = {
  [`.start/specs/${SPEC}/manifest.md`]:
    '---\ntitle: Thing\n---\n- [ ] first-part: First — no dependencies\n',
  [`.start/specs/${SPEC}/units/first-part.md`]: '# First\n',
  [`.start/specs/${SPEC}/scenarios/first-part/moon.md`]: `# Moon\n${SECRET}\n`,
};

/** A folder that goes away with the test. */
export class Rig implements Disposable {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'barrier ü ')));
  readonly project = join(this.root, 'my project');
  readonly scratch = join(this.root, 'scratch');

  constructor(files: Readonly<Record<string, Content>> = { 'src/a.txt': 'one\ntwo\nthree\n' }) {
    mkdirSync(this.project, { recursive: true });
    write(this.project, { ...files, ...SPEC_FILES });
  }

  commit(message = 'Start'): string {
    git(this.project, 'init', '-q', '-b', 'main');
    git(this.project, 'add', '-A');
    git(this.project, 'commit', '-q', '-m', message);
    return git(this.project, 'rev-parse', 'HEAD').trim();
  }

  open(mode: 'branch' | 'none' = 'branch', more: Partial<OpenOptions> = {}) {
    const { project, scratch } = this;
    return openRepository({
      project,
      scratch,
      mode,
      path: PATH,
      date: DATE,
      sandbox: { kind: 'none' },
      ...more,
    });
  }

  specDir = join(this.project, '.start/specs', SPEC);

  /** An open repository with its run branch. */
  async ready(mode: 'branch' | 'none' = 'branch'): Promise<{ repo: Repository; head: string }> {
    if (mode === 'branch') this.commit();
    const repo = good(await this.open(mode));
    const opened = good(
      await openBranch(repo, { branch: BRANCH, specDir: this.specDir, date: DATE }),
    );
    return { repo, head: opened.head };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const user = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };

/** A sandbox that hides the project and what is worked with, by the programs of a `PATH`. */
export const shutIn = async ({ root, project, scratch }: Rig, path = PATH): Promise<Sandbox> =>
  good(
    await openSandbox({
      platform: process.platform,
      user,
      path,
      node: process.execPath,
      folder: join(root, 'sandbox'),
      hidden: [project, scratch],
    }),
  );

export const task = (base: string, more: Partial<WorkspaceTask> = {}): WorkspaceTask => ({
  run: 'run-1',
  spec: SPEC,
  unit: 'first-part',
  attempt: 1,
  base,
  conflict: null,
  layer: null,
  ...more,
});

export const request = (commit: string, more: Partial<LandRequest> = {}): LandRequest => ({
  run: 'run-1',
  spec: SPEC,
  branch: BRANCH,
  unit: 'first-part',
  title: 'First',
  iteration: 1,
  attempt: 1,
  commit,
  date: DATE,
  serverSide: (paths) => paths.some((path) => path.startsWith('src/')),
  ...more,
});

/** A whole code run: workspace, work, harvest. */
export async function codeRun(
  repo: Repository,
  workspaceTask: WorkspaceTask,
  work: (dir: string) => void,
): Promise<{ workspace: Workspace; commit: string; files: readonly string[] }> {
  const workspace = good(await makeWorkspace(repo, workspaceTask));
  work(workspace.dir);
  return { workspace, ...good(await harvest(repo, workspace, { date: DATE })) };
}

/** Lands and expects it to be landed. */
export async function landed(repo: Repository, landRequest: LandRequest) {
  const outcome = good(await land(repo, landRequest));
  if (outcome.kind !== 'landed')
    throw new Error(`Expected a landing, got ${JSON.stringify(outcome)}`);
  return outcome;
}
