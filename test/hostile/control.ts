import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import getPort from 'get-port';
import { execa } from 'execa';
import { leaked, parse, type Finding } from './findings.ts';
import { EFFECTS, FORGERIES, RUN } from './forgeries.ts';
import { AGENTS, Stage } from './stage.ts';

/** Attacks by name, and whether each reached its aim. */
type Reached = ReadonlyMap<string, boolean>;

/**
 * The attackers without this runtime, as a careless script would start them: in a linked worktree whose spec directory is hidden by
 * sparse-checkout, as the user, with the user's environment, and with words that tell too much. An attack that reaches nothing even here
 * proves nothing where it is stopped.
 */
export class Unprotected {
  readonly #stage: Stage;
  readonly #tree: string;

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.#tree = join(stage.project.root, 'cache/worktree');
  }

  static async on(stage: Stage): Promise<Unprotected> {
    const self = new Unprotected(stage);
    const { project, all } = stage;
    await project.git('worktree', 'add', '--quiet', '--detach', self.#tree, 'HEAD');
    const git = (...args: string[]) => execa('git', args, { cwd: self.#tree, env: project.env() });
    await git('sparse-checkout', 'set', '--no-cone', '/*', '!/.start/');
    for (const place of ['transcripts/check-author.ndjson', 'service/service.log'])
      await project.write(join(RUN, place), `${all}\n`);
    return self;
  }

  /** Lets an attacker do its work, and tells what it prints. */
  async #words(file: string, input: string): Promise<string> {
    const attacker = start([file, this.#stage.knowledge(true)], {
      cwd: this.#tree,
      env: this.#env,
    });
    attacker.process.stdin.end(input);
    return attacker.said;
  }

  get #env(): Record<string, string> {
    return { ...this.#stage.project.env(), SECRET: this.#stage.all };
  }

  #reached(words: string): Reached {
    const found = words.split('\n').flatMap((line): readonly Finding[] => {
      const finding = parse(line);
      return finding === null ? [] : [finding];
    });
    const reached = new Map<string, boolean>();
    for (const finding of found)
      reached.set(
        finding.attack,
        reached.get(finding.attack) === true || leaked(this.#stage, finding),
      );
    return reached;
  }

  /** Two at once, in the same folder. */
  async coders(): Promise<Reached> {
    const words = await Promise.all(
      ['1', '2'].map((unit) =>
        this.#words(
          'coder.mjs',
          `# Build: Sign number ${unit}\n\nIts scenarios: ${this.#stage.all}\n`,
        ),
      ),
    );
    return this.#reached(words.join('\n'));
  }

  async evaluator(): Promise<Reached> {
    const input = `Evaluate: Sign number 1\n\nWhat was to be built: ${this.#stage.all}\n`;
    return this.#reached(await this.#words('evaluator.mjs', input));
  }

  /** What the evaluator says is what the code agent is told. */
  async messenger(): Promise<Reached> {
    const said = await this.#words('messenger.mjs', this.#stage.all);
    const input = `# Build: Sign number 1\n\ncode run 2 of 3\n\n${said}`;
    return this.#reached(await this.#words('reader.mjs', input));
  }

  /** Asked once, then a code agent looks for what it was asked. */
  async product(): Promise<Reached> {
    const port = await getPort();
    const env = { ...this.#env, PORT: String(port) };
    const service = start(['service.mjs', this.#stage.knowledge(true)], { cwd: this.#tree, env });
    await asked(`http://127.0.0.1:${String(port)}/1`).finally(() =>
      service.process.kill('SIGKILL'),
    );
    const said = await service.said;
    await this.#stage.project.write(join(RUN, 'service/service.log'), said);
    const found = await this.#words('listener.mjs', '# Build: Sign number 1\n\ncode run 2 of 3\n');
    return this.#reached(`${said}\n${found}`);
  }
}

/** Starts an attacker: `[program, …arguments]`. It inherits a descriptor of the folder of all folders, as it may from a careless parent. */
function start(
  [file = '', ...args]: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Record<string, string> },
) {
  const root = openSync('/', 'r');
  const child = spawn(process.execPath, [join(AGENTS, file), ...args], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'ignore', root],
  }) as ChildProcessByStdio<Writable, Readable, null>;
  closeSync(root);
  return { process: child, said: text(child.stdout) };
}

async function asked(url: string): Promise<void> {
  for (let left = 200; left > 0; left -= 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) return;
    await pause(50);
  }
  throw new Error('the hostile product never answered');
}

/** All forgeries at once on a script that lets the agent work in the user's own checkout, with the run's files beside it. */
export async function forgeUnprotected(): Promise<Reached> {
  await using stage = await Stage.open();
  const { project } = stage;
  const scenario = await stage.scenario();
  const runtime = spawn(process.execPath, [
    '-e',
    WAIT,
    'implement-factory.js',
    stage.knowledge(true),
  ]);
  const gone = once(runtime, 'exit').then(() => true);
  await project.git('switch', '--quiet', '--create', 'factory/001-signs');
  for (const [name, said] of Object.entries(OF_A_RUN)) await project.write(join(RUN, name), said);
  const layer = join(project.root, 'cache/layers/one/node_modules');
  await mkdir(layer, { recursive: true });
  await symlink(layer, join(project.dir, 'node_modules'));
  const names = Object.keys(FORGERIES);
  const words = names.map((name) => name.replaceAll(' ', '+'));
  const forger = start(['forger.mjs', stage.knowledge(true), ...words], {
    cwd: project.dir,
    env: project.env(),
  });
  forger.process.stdin.end('# Build: Sign number 1\n\ncode run 1 of 3\n');
  const stdout = await forger.said;
  // What a careless script does next. Whatever comes of it: git may be told to run anything.
  for (const args of [
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'Work'],
  ])
    await project.git(...args).catch(() => '');
  const after = { stage, scenario, ended: { code: 0, stdout, stderr: '' } };
  const reached = new Map<string, boolean>();
  for (const name of names)
    reached.set(name, (await (EFFECTS[name] ?? FORGERIES[name])?.(after)) ?? false);
  reached.set('an end of the runtime', await Promise.race([gone, pause(1000, false)]));
  runtime.kill('SIGKILL');
  return reached;
}

const WAIT = 'setTimeout(() => undefined, 600000)';
const OF_A_RUN = {
  'journal.ndjson': '{"type":"run.started"}\n',
  'checks/sign-1/reads-as-agreed.mjs': 'export default () => { throw new Error("no"); };\n',
};
