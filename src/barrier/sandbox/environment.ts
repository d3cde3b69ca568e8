import { USER } from './accounts.ts';
import { isWithin, type Mount } from './mount.ts';
import { HOME } from './system.ts';

type Environment = Readonly<Record<string, string>>;

/** Of a wall, what its environment depends on. */
interface Place {
  /** Whether processes inside are somebody else than who started them. */
  readonly isElse: boolean;
  /** Folder of a Node.js that is not the system's own. */
  readonly nodeBin: string | null;
}

/**
 * Homes and temporary folders that are not among what the view names are replaced by private ones, so that programs find what they rely
 * on.
 */
export function environmentInside(
  env: Environment,
  named: readonly Mount[],
  { isElse, nodeBin }: Place,
): Environment {
  const isShown = (path: string | undefined) =>
    path !== undefined && named.some(({ at }) => isWithin(path, at));
  const temporary = ['TMPDIR', 'TMP', 'TEMP'].filter((name) => name in env && !isShown(env[name]));
  const { XDG_RUNTIME_DIR, ...rest } = env;
  return {
    ...rest,
    ...(isShown(XDG_RUNTIME_DIR) && { XDG_RUNTIME_DIR }),
    ...Object.fromEntries(temporary.map((name) => [name, '/tmp'])),
    ...(isShown(env['HOME']) ? {} : { HOME }),
    ...(isElse ? { USER, LOGNAME: USER } : {}),
    ...pathTo(nodeBin, env['PATH'] ?? ''),
  };
}

/** A PATH may lead to Node by a shim of a version manager, which is not shown. */
function pathTo(bin: string | null, path: string): Environment {
  if (bin === null || path.split(':').includes(bin)) return {};
  return { PATH: path === '' ? bin : `${path}:${bin}` };
}
