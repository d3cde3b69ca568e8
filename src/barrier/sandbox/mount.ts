import { dirname, sep } from 'node:path';

/** One entry of what a sandbox shows. */
export interface Mount {
  readonly at: string;
  /** bwrap's arguments. */
  readonly args: readonly string[];
  /** Whether something of the host is seen there. */
  readonly isHost: boolean;
}

export const readOnly = (at: string, source = at): Mount => ({
  at,
  args: ['--ro-bind', source, at],
  isHost: true,
});

export const writable = (at: string): Mount => ({ at, args: ['--bind', at, at], isHost: true });

/** Nothing of the host. */
export const inner = (at: string, ...args: readonly string[]): Mount => ({
  at,
  args: [...args, at],
  isHost: false,
});

/** An empty folder that everybody inside may write to, up to a number of bytes where one is given: they are of this machine's memory. */
export const scratchpad = (at: string, bytes: number | null): Mount =>
  inner(at, '--perms', '1777', ...(bytes === null ? [] : ['--size', String(bytes)]), '--tmpfs');

/** An empty folder over what is beneath. */
export const cover = (at: string): Mount => inner(at, '--perms', '0755', '--tmpfs');

/** Whether a path is a folder or lies in it. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/**
 * bwrap's arguments for all of them, parents before children; of two for one place the later counts. A hidden place inside something of
 * the host is covered, unless it is itself named; elsewhere not even its name is seen.
 */
export function mountArguments(
  mounts: readonly Mount[],
  hidden: readonly string[],
): readonly string[] {
  const places = new Map(mounts.map((mount) => [mount.at, mount]));
  const covers = hidden
    .filter((place) => !places.has(place) && nearest(place, places)?.isHost === true)
    .map(cover);
  const ordered = [...places.values(), ...covers].toSorted(
    (one, other) => depth(one.at) - depth(other.at),
  );
  const made = new Set<string>();
  return ordered.flatMap(({ at, args }) => [...parents(at, made), ...args]);
}

const depth = (path: string): number => path.split(sep).length;

/** What is seen at the folder around a place. */
function nearest(place: string, places: ReadonlyMap<string, Mount>): Mount | undefined {
  for (let dir = dirname(place); dir !== sep; dir = dirname(dir)) {
    const mount = places.get(dir);
    if (mount !== undefined) return mount;
  }
  return undefined;
}

/** Folders that lead to a place; made by bwrap itself they would be its own only. Those that exist stay as they are. */
function parents(at: string, made: Set<string>): readonly string[] {
  const missing: string[] = [];
  for (let dir = dirname(at); dir !== sep && !made.has(dir); dir = dirname(dir)) {
    made.add(dir);
    missing.unshift('--perms', '0755', '--dir', dir);
  }
  return missing;
}
