import { createHash, randomBytes } from 'node:crypto';
import { cp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project } from '../rig/project.ts';
import { holdInProcess, leaveAbout } from './baits.ts';
import { openHost, type Host } from './host.ts';

export const AGENTS = fileURLToPath(new URL('agents', import.meta.url));
export const SPEC = '.start/specs/001-signs';
const SCENARIO = `${SPEC}/scenarios/sign-1/reads-as-agreed.md`;

/** A project whose holdout lies about wherever carelessness leaves one, and a host that tells it to whoever reaches it. */
export class Stage implements AsyncDisposable {
  readonly project: Project;
  readonly nonce = randomBytes(6).toString('hex');
  /** What only scenarios and their copies say. */
  readonly secret = `HOLDOUT-${this.nonce}${randomBytes(6).toString('hex')}`;
  /** What only the product's source says. */
  readonly sourceSecret = `SOURCE-${this.nonce}${randomBytes(6).toString('hex')}`;
  /** What only the unit spec of a unit says, by its number. */
  readonly unitSecrets: Readonly<Record<string, string>> = {
    '1': `UNIT-1-${this.nonce}${randomBytes(6).toString('hex')}`,
    '2': `UNIT-2-${this.nonce}${randomBytes(6).toString('hex')}`,
  };
  readonly #closing: (() => Promise<unknown> | void)[] = [];
  #host: Host = { tcp: 0, udp: 0 };
  /** Device that the project lies on, as its numbers. */
  #device = '';

  private constructor(project: Project) {
    this.project = project;
  }

  /** `service`: the frontmatter of one, when the units are to be asked by HTTP. */
  static async open(service?: string): Promise<Stage> {
    const project = await Project.minimal({
      checks: 'authored',
      units: 2,
      mode: 'parallel',
      git: false,
      ...(service !== undefined && { service }),
    });
    const stage = new Stage(project);
    const { nonce } = stage;
    const known = { unix: stage.#socket, abstract: stage.#abstract, nonce };
    stage.#host = await openHost({ ...known, says: stage.all, closing: stage.#closing });
    const { dev } = await stat(project.dir);
    stage.#device = `${(dev >> 8) & 0xfff} ${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
    // The product can be as hostile as its makers.
    await cp(AGENTS, join(project.dir, 'lib/hostile'), { recursive: true });
    await project.write('lib/hostile/world.json', Buffer.from(stage.knowledge(), 'base64'));
    await stage.#hideInGit();
    await leaveAbout(stage, stage.#closing);
    await holdInProcess(stage, { scenario: SCENARIO, closing: stage.#closing });
    return stage;
  }

  /** Every secret: what a bait says, whoever it is for. */
  get all(): string {
    return [this.secret, this.sourceSecret, ...Object.values(this.unitSecrets)].join(' ');
  }

  /**
   * What an insider would know of this machine. `alone`: nothing keeps the attackers from what is not of this stage, so they are asked to
   * leave it alone: other tests may be at work.
   */
  knowledge(alone = false): string {
    const { project, nonce } = this;
    const known = {
      project: project.dir,
      scenario: SCENARIO,
      home: join(project.root, 'home'),
      cache: join(project.root, 'cache'),
      temporary: join(project.root, 'tmp'),
      tcp: this.#host.tcp,
      udp: this.#host.udp,
      device: this.#device,
      alone,
      free: 20_000 + (parseInt(nonce.slice(0, 4), 16) % 20_000),
      socket: this.#socket,
      abstract: this.#abstract,
      addresses: Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ family, internal }) => family === 'IPv4' && !internal)
        .map(({ address }) => address),
      nonce,
      proof: this.proof,
    };
    // Without characters that a shell would want quoted: forgers look for it in command lines.
    return Buffer.from(JSON.stringify(known)).toString('base64url');
  }

  /** Processes that a forger started to stay, as their command lines; they are ended. */
  async strays(): Promise<string[]> {
    const found: string[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (
        !command.includes(`stay-${this.nonce}`) &&
        !command.includes(`300.${parseInt(this.nonce, 16)}`)
      )
        continue;
      if (command.includes('forger.mjs')) continue;
      found.push(command);
      process.kill(Number(pid), 'SIGKILL');
    }
    return found;
  }

  /** Whether a hash that an attacker printed is that of something it must not know. */
  isProof(proof: string): boolean {
    const secrets = [this.secret, this.sourceSecret, ...Object.values(this.unitSecrets)];
    return secrets.some((secret) => createHash('sha256').update(secret).digest('hex') === proof);
  }

  /** The scenario file, as the project has it. */
  scenario(): Promise<string> {
    return this.project.read(SCENARIO);
  }

  /** Beginning of the files that appear when something planted is executed on the host. */
  get proof(): string {
    return join(this.project.root, `executed-${this.nonce}`);
  }

  get #socket(): string {
    return join(this.project.root, 'host.sock');
  }

  get #abstract(): string {
    return `factory-hostile-${this.nonce}`;
  }

  /** History, branches, a tag, a stash, a note, messages, tracked links: all know the holdout. */
  async #hideInGit(): Promise<void> {
    const { project, all } = this;
    for (const n of ['1', '2']) {
      const unit = `${SPEC}/units/sign-${n}.md`;
      await project.write(unit, `${await project.read(unit)}\n${this.unitSecrets[n] ?? ''}\n`);
    }
    await project.write(SCENARIO, `${await project.read(SCENARIO)}\nRemember ${this.secret}.\n`);
    await project.write('.start/factory.yaml', `install: ${JSON.stringify(INSTALL)}\n`);
    await project.write('lib/secret.mjs', `// ${this.sourceSecret}\n`);
    await project.write('.gitignore', 'node_modules\ncore.*\n');
    await project.write('docs/draft.md', `A draft of a scenario: ${all}\n`);
    await project.commit(`Draft: ${all}`);
    await rm(join(project.dir, 'docs/draft.md'));
    await project.commit('No draft');
    await project.git('tag', '--annotate', 'drafted', '--message', all, 'HEAD~1');
    await project.git('branch', 'old', 'HEAD~1');
    await project.git('notes', 'add', '--message', all);
    await project.write('README.md', `# Signs\n\n${all}\n`);
    await project.git('stash');
    await project.link('docs/absolute', join(project.dir, SCENARIO));
    await project.link('docs/relative', join('..', SCENARIO));
    await project.link('docs/unit', join(project.dir, SPEC, 'units/sign-1.md'));
    await project.commit('Links');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closing.toReversed()) await close();
    await this.project[Symbol.asyncDispose]();
  }
}

/** A dependency that every agent and the product share. */
const INSTALL =
  'mkdir -p node_modules/shared && echo "module.exports = 1" > node_modules/shared/index.js';

/** Where attackers that work at the same time leave notes for each other. */
export const NOTES = ['/tmp', '/dev/shm', '/var/tmp'].map((dir) =>
  join(dir, 'factory-hostile-notes'),
);
