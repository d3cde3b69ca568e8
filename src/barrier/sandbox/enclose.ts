import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Enclosure, Route, SpawnPlan, View } from '../../process/index.ts';
import { BRIDGE } from '../network/programs.ts';
import { HOSTNAME, type Inhabitant } from './accounts.ts';
import { environmentInside } from './environment.ts';
import { mountArguments, readOnly, writable, type Mount } from './mount.ts';
import { withOverlay, type OverlayPrograms } from './overlay.ts';

/** All that is found out once, and holds for every process of a run. */
export interface Wall {
  readonly bwrap: string;
  readonly overlay: OverlayPrograms;
  /** setpriv, when this runs as root: inside, the command is somebody without any right. */
  readonly setpriv: string | null;
  readonly inhabitant: Inhabitant;
  /** What everybody sees. */
  readonly base: readonly Mount[];
  /** Folders that nobody sees unless they are named. */
  readonly hidden: readonly string[];
  /** Keeps system calls from what nobody separates; null for a processor that we do not know. */
  readonly filter: Uint8Array | null;
  /** Node.js executable, to carry routes. */
  readonly node: string;
  /** Its folder, where that is not the system's own. */
  readonly nodeBin: string | null;
}

/** How a plan is started behind this wall. Throws when its view is none that anybody could mean. */
export function enclose(wall: Wall, plan: SpawnPlan): Enclosure {
  const view = plan.view ?? {};
  const routes = view.routes ?? [];
  const named = mountsOf(view, plan.env);
  const command: Enclosure['command'] = [wall.bwrap];
  return {
    command:
      view.overlay === undefined
        ? command
        : withOverlay(view.overlay, wall.overlay, { asRoot: wall.setpriv !== null, command }),
    options: [
      ...namespaces(wall),
      ...mountArguments([...wall.base, ...named], wall.hidden),
      // Itself only; what is mounted in it stays as it is.
      '--remount-ro',
      '/',
      '--chdir',
      plan.cwd,
    ],
    env: environmentInside(plan.env, named, {
      isElse: wall.setpriv !== null,
      nodeBin: wall.nodeBin,
    }),
    ...(wall.filter !== null && { filter: wall.filter }),
    inside: inside(wall, plan.command, routes),
    // Under its own name Node would read from it in the bridge.
    ...(routes.length > 0 && { channel: 'BRIDGE_CHANNEL_FD' }),
    notStarted,
  };
}

const ALWAYS = [
  '--unshare-ipc',
  '--unshare-pid',
  '--unshare-net',
  '--unshare-uts',
  '--unshare-cgroup-try',
  '--die-with-parent',
  '--new-session',
];

/** Only what is needed to become somebody else; that somebody has nothing left. */
const TO_STEP_DOWN = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'];

function namespaces({ setpriv, inhabitant: { uid, gid } }: Wall): readonly string[] {
  const rights =
    setpriv === null
      ? ['--unshare-user', '--uid', String(uid), '--gid', String(gid)]
      : TO_STEP_DOWN.flatMap((cap) => ['--cap-add', cap]);
  return [...ALWAYS, '--hostname', HOSTNAME, '--cap-drop', 'ALL', ...rights];
}

/** Places that belong to the wall itself: a view that names one would take it down. */
const OURS = ['/', '/tmp', '/proc', '/dev', '/etc', '/run', '/var'];

/** What the view shows, and certificates that the environment points to. */
function mountsOf(view: View, env: SpawnPlan['env']): readonly Mount[] {
  const { read = [], write = [], overlay, routes = [] } = view;
  const certificates = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'].flatMap((name) => env[name] ?? []);
  const sockets = routes.map(({ direction, socket }) =>
    direction === 'out' ? readOnly(socket) : writable(dirname(socket)),
  );
  const mounts = [
    ...(routes.length > 0 ? [readOnly(BRIDGE)] : []),
    ...certificates.filter((file) => existsSync(file)).map((file) => readOnly(file)),
    ...read.map((path) => readOnly(path)),
    ...sockets,
    ...write.map(writable),
    ...(overlay === undefined ? [] : [shown(overlay.at, overlay.readOnly === true)]),
  ];
  const wrong = mounts.find(({ at }) => OURS.includes(at) || !at.startsWith('/'));
  if (wrong !== undefined) throw new Error(`Internal error: no view may name ${wrong.at}`);
  return mounts;
}

const shown = (at: string, isReadOnly: boolean): Mount =>
  isReadOnly ? readOnly(at) : writable(at);

/** The command, behind what carries its routes and what makes it somebody else. */
function inside(
  { setpriv, inhabitant: { uid, gid }, node }: Wall,
  command: SpawnPlan['command'],
  routes: readonly Route[],
): SpawnPlan['command'] {
  const bridged: SpawnPlan['command'] =
    routes.length === 0 ? command : [node, BRIDGE, JSON.stringify(routes), '--', ...command];
  if (setpriv === null) return bridged;
  const nobody = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
  return [setpriv, ...nobody, '--inh-caps=-all', '--bounding-set=-all', '--', ...bridged];
}

/** Nothing but this on stderr: a program that only says the like was started. */
const NOT_STARTED: readonly (readonly [code: number, said: RegExp])[] = [
  [126, /^setpriv: failed to execute [^\n]*: ([^:\n]+)\n$/],
  [127, /^setpriv: failed to execute [^\n]*: ([^:\n]+)\n$/],
  [127, /^spawn [^\n]* (E[A-Z0-9]+)\n$/],
  [125, /^(a route through the sandbox cannot be opened: [^\n]*)\n$/],
];

function notStarted(code: number, stderr: string): string | null {
  for (const [known, said] of NOT_STARTED) {
    const reason = code === known ? said.exec(stderr)?.[1] : undefined;
    if (reason !== undefined) return reason;
  }
  return null;
}
