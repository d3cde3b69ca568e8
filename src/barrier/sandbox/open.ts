import { readFileSync, realpathSync } from 'node:fs';
import { arch } from 'node:os';
import which from 'which';
import { err, ok, type Problem, type Result } from '../../domain/index.ts';
import { closeInherited, run, type Sandbox } from '../../process/index.ts';
import { accounts, type Inhabitant } from './accounts.ts';
import { enclose, type Wall } from './enclose.ts';
import { callFilter } from './filter.ts';
import { isWithin } from './mount.ts';
import { nodePlace } from './node.ts';
import { refusalOf, whyNoSandbox } from './refusal.ts';
import { isFolder, systemMounts } from './system.ts';

export interface SandboxOptions {
  readonly platform: string;
  /** Who runs this. */
  readonly user: Inhabitant;
  /** Where bwrap and its companions are looked for; the system's own folders are, in any case. */
  readonly path: string;
  /** Path of the Node.js executable. */
  readonly node: string;
  /** Gets a few generated files that processes inside see; made when it is missing. */
  readonly folder: string;
  /** Folders that nobody sees unless a view names them: the project, its scratch, the user's home. */
  readonly hidden: readonly string[];
}

/** Below what dynamic users, containers and people are given, on any distribution. */
const NOBODY_ELSE: Inhabitant = { uid: 60_900, gid: 60_900 };
/** What a root is called inside who is the only user of his namespace, so that programs do not take him for a real one. */
const SOMEBODY: Inhabitant = { uid: 1000, gid: 1000 };

/** Whether root can become this user: in a user namespace of its own it may be the only one there is. */
function isMapped(uid: number): boolean {
  const ranges = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
  return ranges.some((range) => {
    const [first = 0, , length = 0] = range.trim().split(/\s+/).map(Number);
    return uid >= first && uid < first + length;
  });
}

/** The sandbox of a run, tried with the very arguments that its processes get; else why it does not work here and what would make it. */
export async function openSandbox(options: SandboxOptions): Promise<Result<Sandbox, Problem>> {
  const impossible = whyNoSandbox(options.platform);
  if (impossible !== null) return err(impossible);
  closeInherited();
  const opened = await tried(options, true);
  return opened.ok || !TOO_OLD.test(opened.error.what) ? opened : tried(options, false);
}

/** bwrap before 0.7. */
const TOO_OLD = /Unknown option --size/;

async function tried(options: SandboxOptions, isSized: boolean): Promise<Result<Sandbox, Problem>> {
  const wall = await wallOf(options, isSized);
  if (!wall.ok) return wall;
  const sandbox: Sandbox = {
    kind: 'bwrap',
    enclose: (plan) => enclose(wall.value, plan),
    ...(wall.value.setpriv !== null && { owner: wall.value.inhabitant }),
  };
  const exit = await run(
    {
      label: 'sandbox probe',
      command: [options.node, '--version'],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      limits: { wallMs: 20_000 },
    },
    sandbox,
  );
  if (exit.cause === 'exited' && exit.code === 0) return ok(sandbox);
  return err(refusalOf(`${exit.summary} ${exit.stderr}`));
}

async function wallOf(options: SandboxOptions, isSized: boolean): Promise<Result<Wall, Problem>> {
  const asRoot = options.user.uid === 0 && isMapped(NOBODY_ELSE.uid);
  const path = `${options.path}:/usr/sbin:/usr/bin:/sbin:/bin`;
  const find = (name: string) => which(name, { path, nothrow: true });
  const [bwrap, setpriv, unshare, sh] = await Promise.all(
    ['bwrap', 'setpriv', 'unshare', 'sh'].map(find),
  );
  if (!bwrap) return err(refusalOf('bwrap is missing'));
  if (asRoot && !setpriv) return err(refusalOf('setpriv is missing'));
  const inhabitant = asRoot ? NOBODY_ELSE : options.user.uid === 0 ? SOMEBODY : options.user;
  const hidden = places(options.hidden);
  const node = nodePlace(options.node, hidden);
  return ok({
    bwrap,
    overlay: { unshare: unshare ?? 'unshare', sh: sh ?? '/bin/sh' },
    setpriv: asRoot ? (setpriv ?? null) : null,
    inhabitant,
    base: [
      ...systemMounts(isSized),
      ...(await accounts(options.folder, inhabitant)),
      ...node.mounts,
    ],
    hidden,
    filter: callFilter(arch()),
    node: options.node,
    nodeBin: node.bin,
  });
}

/** By every name they have. What programs come from cannot be hidden. */
const places = (folders: readonly string[]): readonly string[] => [
  ...new Set(
    folders
      .filter(isFolder)
      .flatMap((folder) => [folder, realpathSync(folder)])
      .filter((folder) => !isWithin('/usr', folder)),
  ),
];
