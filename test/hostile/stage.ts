import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { closeSync, openSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project } from '../rig/project.ts';

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
  /** What a host's servers were told by somebody inside. */
  readonly heard: string[] = [];
  readonly #closing: (() => Promise<unknown> | void)[] = [];
  #tcp = 0;
  #udp = 0;

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
    await stage.#serve();
    // The product can be as hostile as its makers.
    await cp(AGENTS, join(project.dir, 'lib/hostile'), { recursive: true });
    await project.write('lib/hostile/world.json', Buffer.from(stage.knowledge(), 'base64'));
    await stage.#hideInGit();
    await stage.#leaveAbout();
    return stage;
  }

  /** What an insider would know of this machine. */
  knowledge(): string {
    const { project, nonce } = this;
    const known = {
      project: project.dir,
      scenario: SCENARIO,
      home: join(project.root, 'home'),
      cache: join(project.root, 'cache'),
      temporary: join(project.root, 'tmp'),
      tcp: this.#tcp,
      udp: this.#udp,
      free: 20_000 + (parseInt(nonce.slice(0, 4), 16) % 20_000),
      socket: this.#socket,
      abstract: `factory-hostile-${nonce}`,
      addresses: Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ family, internal }) => family === 'IPv4' && !internal)
        .map(({ address }) => address),
      nonce,
      proof: this.proof,
    };
    return Buffer.from(JSON.stringify(known)).toString('base64');
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

  /** History, branches, a tag, a stash, a note, messages, tracked links: all know the holdout. */
  async #hideInGit(): Promise<void> {
    const { project, secret } = this;
    for (const n of ['1', '2']) {
      const unit = `${SPEC}/units/sign-${n}.md`;
      await project.write(unit, `${await project.read(unit)}\n${this.unitSecrets[n] ?? ''}\n`);
    }
    await project.write(SCENARIO, `${await project.read(SCENARIO)}\nRemember ${secret}.\n`);
    await project.write('.start/factory.yaml', `install: ${JSON.stringify(INSTALL)}\n`);
    await project.write('lib/secret.mjs', `// ${this.sourceSecret}\n`);
    await project.write('.gitignore', 'node_modules\n');
    await project.write('docs/draft.md', `A draft of a scenario: ${secret}\n`);
    await project.commit(`Draft: ${secret}`);
    await rm(join(project.dir, 'docs/draft.md'));
    await project.commit('No draft');
    await project.git('tag', '--annotate', 'drafted', '--message', secret, 'HEAD~1');
    await project.git('branch', 'old', 'HEAD~1');
    await project.git('notes', 'add', '--message', secret);
    await project.write('README.md', `# Signs\n\n${secret}\n`);
    await project.git('stash');
    await project.link('docs/absolute', join(project.dir, SCENARIO));
    await project.link('docs/relative', join('..', SCENARIO));
    await project.commit('Links');
  }

  /** Logs, histories, transcripts and temporary files that quote it, and processes that hold it. */
  async #leaveAbout(): Promise<void> {
    const { project, secret, nonce } = this;
    const home = join(project.root, 'home');
    const shared = [
      join(tmpdir(), `factory-hostile-${nonce}.txt`),
      `/dev/shm/factory-hostile-${nonce}`,
    ];
    const places = [
      join(home, '.bash_history'),
      join(home, '.config/editor/history'),
      join(home, '.claude/projects/x/session.jsonl'),
      join(home, '.npm/_logs/today.log'),
      join(project.root, 'tmp/evaluation.log'),
      ...shared,
    ];
    for (const place of places) {
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, `${secret}\n`);
    }
    this.#closing.push(async () => {
      for (const place of shared) await rm(place, { force: true });
    });
    const fd = openSync(join(project.dir, SCENARIO), 'r');
    const holder: ChildProcess = spawn(
      process.execPath,
      ['-e', 'setTimeout(() => undefined, 600000)', secret],
      {
        cwd: join(project.dir, dirname(SCENARIO)),
        env: { PATH: process.env['PATH'], SECRET: secret },
        stdio: ['ignore', 'ignore', 'ignore', fd],
      },
    );
    closeSync(fd);
    this.#closing.push(() => void holder.kill('SIGKILL'));
  }

  /** Servers of the host: a dashboard over TCP, a unix socket and an abstract one, and an ear for datagrams. */
  async #serve(): Promise<void> {
    const server = (): Server =>
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (data) => {
          this.#note(data.toString());
          socket.end(`HTTP/1.0 200 OK\r\n\r\n${this.secret}\n`);
        });
      });
    const listen = (at: Server, ...where: [string] | [number, string]) =>
      new Promise<void>((resolve) => {
        at.listen(...(where as [number, string]), resolve);
        this.#closing.push(() => new Promise((closed) => at.close(closed)));
      });
    const tcp = server();
    await listen(tcp, 0, '0.0.0.0');
    this.#tcp = (tcp.address() as AddressInfo).port;
    await listen(server(), this.#socket);
    await listen(server(), `\0factory-hostile-${this.nonce}`);
    const udp = createSocket('udp4');
    udp.on('message', (message, from) => {
      this.#note(message.toString());
      udp.send(`HEARD ${this.nonce}`, from.port, from.address);
    });
    await new Promise<void>((resolve) => {
      udp.bind(0, '127.0.0.1', resolve);
    });
    this.#udp = udp.address().port;
    this.#closing.push(() => void udp.close());
  }

  #note(text: string): void {
    if (text.includes(`told-${this.nonce}`)) this.heard.push(text);
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
