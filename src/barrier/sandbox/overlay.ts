import type { Overlay } from '../../process/index.ts';

type Command = readonly [file: string, ...args: string[]];

/** What an overlay needs beside bwrap, which learned to make one only lately. Absolute paths. */
export interface OverlayPrograms {
  readonly unshare: string;
  readonly sh: string;
}

/** Programs of the script are the system's; it inherits no PATH. */
const PATH = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

/** `$1` is where, `$2` the options; the rest is what comes after. */
const MOUNT = `${PATH}
mount -n -t overlay -o "$2" overlay "$1" || exit
shift 2
exec "$@"`;

/** The same by short names: the layers follow the options, up to \`--\`, and are linked to as 0, 1, … in a folder beneath the overlay. */
const MOUNT_LINKED = `${PATH}
at=$1 options=$2 n=0
shift 2
mount -n -t tmpfs tmpfs "$at" && cd "$at" || exit
while [ "$1" != -- ]; do ln -s "$1" "$n" || exit; n=$((n + 1)); shift; done
shift
mount -n -t overlay -o "$options" overlay "$at" && cd / || exit
exec "$@"`;

/** mount(8) and the kernel each have their own idea of how these would be escaped. */
const SPECIAL = /[,:\\"\s]/;
/** The kernel takes a page of options. */
const LONGEST = 3500;

/**
 * Puts the making of an overlay, in a mount namespace of its own, before a command. `userxattr` keeps overlayfs's notes where a user
 * namespace may write them, and where what is written through the overlay cannot reach them.
 */
export function withOverlay(
  overlay: Overlay,
  { unshare, sh }: OverlayPrograms,
  { asRoot, command }: { asRoot: boolean; command: Command },
): Command {
  const spaces = asRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  const script = [unshare, ...spaces, '--propagation', 'private', sh, '-c'] as const;
  const layers = layersOf(overlay);
  const options = optionsOf(overlay, layers);
  if (layers.some((layer) => SPECIAL.test(layer)) || options.length > LONGEST) {
    const names = optionsOf(overlay, Object.keys(layers));
    return [...script, MOUNT_LINKED, 'overlay', overlay.at, names, ...layers, '--', ...command];
  }
  return [...script, MOUNT, 'overlay', overlay.at, options, ...command];
}

/** Read only, what was written is one more layer to look through, and stays as it is. */
const layersOf = ({ lower, upper, work, readOnly }: Overlay): readonly string[] =>
  readOnly === true ? [upper, ...lower] : [...lower, upper, work];

function optionsOf({ readOnly }: Overlay, layers: readonly string[]): string {
  if (readOnly === true) return `lowerdir=${layers.join(':')},userxattr`;
  const [upper, work] = layers.slice(-2);
  return `lowerdir=${layers.slice(0, -2).join(':')},upperdir=${upper},workdir=${work},userxattr`;
}
