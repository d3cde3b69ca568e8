import { access, constants, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { probe } from '../../agent/index.ts';
import { AGENT_PROGRAMS, type AgentProgramName } from '../../domain/index.ts';
import { run } from '../../process/index.ts';
import { browserOf } from '../wall/browser.ts';
import { bytesIn, sizeText } from '../project/disk.ts';
import { EXIT } from '../exit.ts';
import { cacheOf, projectOf } from '../project/project.ts';
import { openWall, probeFolder } from '../wall/wall.ts';
import type { World } from '../world.ts';

/** One thing that was looked at. `required`: without it no run can start. */
interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly required: boolean;
  readonly detail: string;
}

/** What works on this machine. Exit 2 when something that every run needs does not. */
export async function doctor(world: World, { json }: { json: boolean }): Promise<number> {
  const findings = await Promise.all([
    node(world),
    git(world),
    ...AGENT_PROGRAMS.map((kind) => agent(kind, world)),
    loopback(),
    browser(world),
    sandbox(world),
    disk(world),
  ]);
  const fine = findings.every(({ ok, required }) => ok || !required);
  if (json) world.stdout.write(`${JSON.stringify({ ok: fine, findings }, null, 2)}\n`);
  else
    for (const { name, ok, required, detail } of findings)
      world.stdout.write(
        `${ok ? '✓' : required ? '✗' : '!'} ${name.padEnd(9)} ${detail.replaceAll('\n', INDENT)}\n`,
      );
  return fine ? EXIT.completed : EXIT.invalid;
}

/** Further lines begin under the first. */
const INDENT = `\n${' '.repeat(12)}`;

const OLDEST_NODE = [20, 19] as const;

async function node({ node: executable }: World): Promise<Finding> {
  const version = (await output(executable, '--version')) ?? 'v0.0';
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return {
    name: 'node',
    ok,
    required: true,
    detail: ok ? version : `${version} is too old: ${OLDEST_NODE.join('.')} or newer is needed`,
  };
}

const OLDEST_GIT = [2, 38] as const;

async function git({ env }: World): Promise<Finding> {
  const said = await output('git', '--version', env['PATH']);
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(said ?? '') ?? []).map(Number);
  const ok = major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1]);
  return {
    name: 'git',
    ok,
    required: true,
    detail: ok
      ? (said ?? '')
      : `${said ?? 'git is not on the PATH'}: install git ${OLDEST_GIT.join('.')} or newer`,
  };
}

async function agent(kind: AgentProgramName, { env }: World): Promise<Finding> {
  const found = await probe({ kind, model: null }, env);
  if (!found.ok)
    return {
      name: kind,
      ok: false,
      required: false,
      detail: `${found.error.what} ${found.error.remedy}`,
    };
  const { version, credential } = found.value;
  return {
    name: kind,
    ok: true,
    required: false,
    detail: `${version ?? ''}, logs in with ${credential ?? 'nothing'}`,
  };
}

/** Only scenarios about pages need it. */
async function browser(world: World): Promise<Finding> {
  const found = browserOf(world, world.env['IMPLEMENT_FACTORY_BROWSER'] ?? null);
  const finding = { name: 'browser', required: false } as const;
  if (!found.ok) {
    const { what, remedy } = found.error;
    const detail = `${what} Scenarios about pages cannot be checked.\n${remedy}`;
    return { ...finding, ok: false, detail };
  }
  const { executable } = found.value;
  const version =
    (await output(executable, '--version', world.env['PATH'])) ?? 'does not say its version';
  return { ...finding, ok: true, detail: `${version.split('\n').at(-1) ?? ''}, ${executable}` };
}

function loopback(): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    const answer = (ok: boolean, detail: string) =>
      resolve({ name: 'ports', ok, required: true, detail });
    server.once('error', (error) =>
      answer(false, `no port on 127.0.0.1 can be opened: ${error.message}`),
    );
    server.listen(0, '127.0.0.1', () =>
      server.close(() => answer(true, 'free ports on 127.0.0.1')),
    );
  });
}

/** Tried out, because only trying tells; a run asks the same. */
async function sandbox(world: World): Promise<Finding> {
  const name = 'sandbox';
  if ((await refusal(probeFolder(world))) !== null)
    return { name, ok: false, required: false, detail: 'not tried out: it needs the cache folder' };
  const wall = await openWall(world, {
    project: projectOf(world, undefined),
    folder: probeFolder(world),
    mode: 'auto',
  });
  const finding = { name, required: false } as const;
  if (wall.ok) return { ...finding, ok: true, detail: wall.value.barrier.detail };
  const { what, remedy } = wall.error;
  return {
    ...finding,
    ok: false,
    detail: `${what} Until it works, runs refuse to start.\n${remedy}`,
  };
}

/** Templates, workspaces and dependencies of all projects. */
async function disk(world: World): Promise<Finding> {
  const refused = await refusal(cacheOf(world));
  if (refused !== null) {
    const detail = `${cacheOf(world)} cannot be written (${refused}): make it writable, or move it with XDG_CACHE_HOME`;
    return { name: 'disk', ok: false, required: true, detail };
  }
  const bytes = await bytesIn(cacheOf(world));
  const detail = `${sizeText(bytes)} in ${cacheOf(world)}; \`implement-factory clean\` frees what finished runs left`;
  return { name: 'disk', ok: true, required: false, detail };
}

/** Why a folder cannot be made or written in; null when it can. */
async function refusal(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

async function output(program: string, argument: string, path = ''): Promise<string | null> {
  const exit = await run(
    {
      label: program,
      command: [program, argument],
      cwd: '/',
      env: { PATH: path },
      limits: { wallMs: 10_000 },
    },
    { kind: 'none' },
  );
  return exit.cause === 'exited' && exit.code === 0 ? exit.stdout.trim() : null;
}
