import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { cleanCommit } from '../branch/clean.ts';
import { gitProblem, succeeded } from '../git.ts';
import { handOver } from '../landing/hand-over.ts';
import { AS_THEY_ARE, inPlain, queue, writeGitDir } from '../store.ts';
import type { Loan, Repository, Template, Templates } from '../store.ts';

/** Idle templates beyond this are brought to the next base instead of making another one. */
const KEPT = 2;

/** The templates of one open repository: at most one for each set of visible files. */
export class TemplatePool implements Templates {
  readonly #all: { template: Template; users: number }[] = [];
  readonly #oneByOne = queue();
  readonly #dir: string;
  #started = false;

  constructor(scratch: string) {
    this.#dir = join(scratch, 'templates');
  }

  /** Lends the template of a commit; nobody changes it until it is given back. */
  async lend(repo: Repository, commit: string): Promise<Result<Loan, Problem>> {
    const clean = await cleanCommit(repo, commit);
    if (!clean.ok) return clean;
    const lent = await this.#oneByOne(() => this.#lend(repo, clean.value));
    if (!lent.ok) return lent;
    const entry = lent.value;
    return ok({
      template: entry.template,
      giveBack: () => {
        entry.users -= 1;
      },
    });
  }

  /** Lends for as long as `use` takes. */
  async with<T>(
    repo: Repository,
    commit: string,
    use: (template: Template) => Promise<Result<T, Problem>>,
  ): Promise<Result<T, Problem>> {
    const loan = await this.lend(repo, commit);
    if (!loan.ok) return loan;
    try {
      return await use(loan.value.template);
    } finally {
      loan.value.giveBack();
    }
  }

  async #lend(
    repo: Repository,
    clean: string,
  ): Promise<Result<{ readonly template: Template; users: number }, Problem>> {
    let entry = this.#all.find(({ template }) => template.clean === clean);
    if (entry === undefined) {
      const idle = this.#all.length < KEPT ? undefined : this.#all.find(({ users }) => users === 0);
      if (idle !== undefined) this.#all.splice(this.#all.indexOf(idle), 1);
      const made = await this.#make(repo, clean, idle?.template.dir ?? null);
      if (!made.ok) return made;
      entry = { template: made.value, users: 0 };
    } else {
      // The least recently used one is at the front, to be taken first.
      this.#all.splice(this.#all.indexOf(entry), 1);
    }
    this.#all.push(entry);
    entry.users += 1;
    return ok(entry);
  }

  /** A new folder, or the folder of an older base brought up to date: only what differs is written. */
  async #make(
    repo: Repository,
    clean: string,
    reuse: string | null,
  ): Promise<Result<Template, Problem>> {
    if (!this.#started) {
      // What an earlier process left may be half made.
      await rm(this.#dir, { recursive: true, force: true });
      this.#started = true;
    }
    const dir = reuse ?? join(this.#dir, randomUUID());
    const gitDir = join(dir, '.git');
    if (reuse === null) {
      const head = 'ref: refs/heads/main';
      await writeGitDir(gitDir, {
        head,
        objectFormat: repo.objectFormat,
        attributes: AS_THEY_ARE,
      });
    }
    const packs = join(gitDir, 'objects/pack');
    const old = await readdir(packs);
    await mkdir(dir, { recursive: true });
    const written = await fill(repo, clean, dir);
    if (!written.ok) {
      await rm(dir, { recursive: true, force: true });
      return written;
    }
    await writeFile(join(gitDir, 'refs/heads/main'), `${clean}\n`);
    const kept = written.value;
    // One commit and its objects, nothing of the base before.
    const stale = old.filter((name) => !name.includes(kept));
    await Promise.all(stale.map((name) => rm(join(packs, name), { force: true })));
    await handOver(repo, [dir]);
    return ok({ clean, dir });
  }
}

const PACK = ['pack-objects', '--revs', '-q', '--window=0', '--compression=1', '--threads=1'];

/** Files, index and objects of a clean commit. The value is the hash that names its pack. */
async function fill(
  repo: Repository,
  clean: string,
  dir: string,
): Promise<Result<string, Problem>> {
  const at = inPlain(repo);
  const gitDir = join(dir, '.git');
  const objects = join(gitDir, 'objects');
  const [files, pack] = await Promise.all([
    repo.git(['read-tree', '-u', '--reset', clean], {
      at: { ...at, gitDir, cwd: dir, workTree: dir, index: join(gitDir, 'index') },
    }),
    // Its own object store with the objects of one commit: never an alternate, which would reveal everything.
    // What the pack of the base before holds is taken over as it is.
    repo.git([...PACK, join(objects, 'pack/pack')], {
      at: { ...at, objects, alternates: repo.objects },
      input: `${clean}\n`,
    }),
  ]);
  if (!succeeded(files)) return err(gitProblem('The base could not be checked out', files));
  if (!succeeded(pack)) return err(gitProblem('The base could not be packed', pack));
  return ok(pack.stdout.trim());
}
