import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isWithin, readOnly, type Mount } from './mount.ts';

/** Package managers whose programs need libraries that lie beside their own folder. */
const STORES = ['/nix/store', '/home/linuxbrew/.linuxbrew'];

/** Node where it is not the system's own (nvm, asdf, volta, fnm, CI tool caches). */
export interface NodePlace {
  readonly mounts: readonly Mount[];
  /** Folder to look for `node` in, for a PATH that leads there by a shim which is not shown; null for the system's own. */
  readonly bin: string | null;
}

/** Shows the installation that `executable` belongs to; only the file itself where its folder holds what is to be hidden. */
export function nodePlace(executable: string, hidden: readonly string[]): NodePlace {
  const file = realpathSync(executable);
  if (isWithin(file, '/usr')) return { mounts: [], bin: null };
  const bin = dirname(file);
  const store = STORES.find((path) => isWithin(file, path));
  const prefix = store ?? dirname(bin);
  const isInstallation = store !== undefined || (basename(bin) === 'bin' && prefix !== '/');
  const whole = isInstallation && !hidden.some((place) => isWithin(place, prefix));
  const mounts = [readOnly(whole ? prefix : file)];
  return { mounts: isWithin(executable, prefix) ? mounts : [...mounts, readOnly(executable)], bin };
}
