import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { RunEvent } from '../../src/domain/index.ts';
import { layOutMinimal, type Minimal } from './minimal.ts';
import { processesOf } from './processes.ts';
import { sandbox } from './sandbox.ts';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The built command line; tests build it once, before they start. */
export const BIN = join(PACKAGE, 'bin', 'implement-factory.js');

export interface Ended {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

interface Launch {
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** Flags of Node.js itself. */
  readonly node?: readonly string[];
}

const launch = (args: readonly string[], { cwd, env, node = [] }: Launch) =>
  execa(process.execPath, [...node, BIN, ...args], {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });

/** The command line at work: a promise of its end, with `kill` and `pid`. */
export type Running = ReturnType<typeof launch>;

/** A project in a temporary folder of its own, with a home and a cache of its own. Use with `await using`. */
export class Project implements AsyncDisposable {
  readonly root: string;
  /** The project folder. */
  readonly dir: string;
  readonly #running = new Set<Running>();
  /** What is not about the sandbox is tested without one, which is cheaper. */
  #barrier: Record<string, string> = { IMPLEMENT_FACTORY_BARRIER: 'advisory' };

  private constructor(root: string, dir: string) {
    this.root = root;
    this.dir = dir;
  }

  /** An empty folder; `name` may hold anything a file name may. */
  static async empty(name = 'project'): Promise<Project> {
    const root = await mkdtemp(join(tmpdir(), 'factory-test-'));
    const project = new Project(root, join(root, name));
    await mkdir(project.dir, { recursive: true });
    await mkdir(join(root, 'home'));
    await mkdir(join(root, 'tmp'));
    return project;
  }

  /** A spec as small as one can be (see `minimal.ts`), committed unless `git` is false. */
  static async minimal(options: Minimal & { git?: boolean; name?: string } = {}): Promise<Project> {
    const project = await Project.empty(options.name);
    await layOutMinimal(project, options);
    if (options.git !== false) await project.commit();
    return project;
  }

  /** Adds a minimal spec, say a second one. */
  layOut(options: Minimal): Promise<void> {
    return layOutMinimal(this, options);
  }

  /** Its runs take the sandbox that a user gets; none on a machine that has none. */
  shutIn(): this {
    if (sandbox.kind === 'bwrap') this.#barrier = {};
    return this;
  }

  /** A fresh clone with a home of its own, the prepared agents included; of a URL only the newest commit, as a CI checks out. */
  static async cloneOf(source: Project, branch: string, url?: string): Promise<Project> {
    const clone = await Project.empty();
    await cp(join(source.root, 'scripted'), join(clone.root, 'scripted'), { recursive: true });
    const from = url === undefined ? [source.dir] : ['--depth', '1', url];
    await clone.git('clone', '--quiet', '--branch', branch, ...from, '.');
    return clone;
  }

  /** Changes what an agent of a minimal spec leaves at a code run. */
  async prepare(unit: string, run: number, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files))
      await this.write(join('..', 'scripted', unit, 'code', String(run), path), text);
  }

  /** A bundled example (`001`…) as its demo would lay it out, committed. */
  static async example(number: string, { name = 'project', git = true } = {}): Promise<Project> {
    const project = (await Project.empty(name)).shutIn();
    const spec = EXAMPLES.find((each) => each.startsWith(number));
    if (spec === undefined) throw new Error(`no example ${number}`);
    const examples = join(PACKAGE, 'examples');
    await cp(join(examples, 'projects', spec), project.dir, { recursive: true });
    await cp(join(examples, '.start', 'specs', spec), join(project.dir, '.start', 'specs', spec), {
      recursive: true,
    });
    if (git) await project.commit();
    return project;
  }

  /** The prepared files that play the agents of an example, as an agent choice. */
  static scripted(number: string): string {
    const spec = EXAMPLES.find((each) => each.startsWith(number)) ?? '';
    return `scripted:${join(PACKAGE, 'examples', 'scripted', spec)}`;
  }

  async write(path: string, text: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(this.dir, path)), { recursive: true });
    await writeFile(join(this.dir, path), text);
  }

  /** A symbolic link at `path` that says `target`. */
  async link(path: string, target: string): Promise<void> {
    await mkdir(dirname(join(this.dir, path)), { recursive: true });
    await symlink(target, join(this.dir, path));
  }

  read(path: string): Promise<string> {
    return readFile(join(this.dir, path), 'utf8');
  }

  async git(...args: string[]): Promise<string> {
    const { stdout } = await execa('git', args, { cwd: this.dir, env: this.env() });
    return stdout;
  }

  /** Makes it a repository if it is none, and commits everything. */
  async commit(message = 'Start'): Promise<void> {
    await this.git('init', '--quiet', '--initial-branch=main');
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '--message', message);
  }

  /** Starts the real command line. It is ended with the project, whatever happens. */
  start(args: readonly string[], options: Partial<Launch> = {}): Running {
    const running = launch(args, {
      ...options,
      cwd: options.cwd ?? this.dir,
      env: { ...this.env(), ...options.env },
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
    return running;
  }

  /** Runs the real command line to its end. */
  async cli(args: readonly string[], options: Partial<Launch> = {}): Promise<Ended> {
    const { exitCode, stdout, stderr } = await this.start(args, options);
    return { code: exitCode, stdout, stderr };
  }

  /** Processes that belong to this project in any way, whoever started them, as `pid command`. Linux only. */
  processes(): Promise<string[]> {
    return processesOf(this.root);
  }

  /** Files of the project, its cache and its home that hold a text. */
  async filesWith(text: string): Promise<string[]> {
    const { stdout } = await execa('grep', ['-rlaF', '--', text, this.root], { reject: false });
    return stdout.split('\n').filter((line) => line !== '');
  }

  /** Events of a `--json` run. */
  static events(stdout: string): RunEvent[] {
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RunEvent);
  }

  env(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: join(this.root, 'home'),
      XDG_CACHE_HOME: join(this.root, 'cache'),
      TMPDIR: join(this.root, 'tmp'),
      LANG: 'C.UTF-8',
      CI: 'true',
      GIT_AUTHOR_NAME: 'A Person',
      GIT_AUTHOR_EMAIL: 'person@example.invalid',
      GIT_COMMITTER_NAME: 'A Person',
      GIT_COMMITTER_EMAIL: 'person@example.invalid',
      GIT_CONFIG_GLOBAL: '/dev/null',
      ...this.#barrier,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const running of this.#running) {
      running.kill('SIGTERM');
      await running;
    }
    await rm(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

const EXAMPLES = ['001-bookshelf-service', '002-word-tally', '003-tea-desk'];
