// Notes among the kernel's keys, which belong to a user or to a login and to no namespace.
import { arch } from 'node:os';
import { sh } from './sh.mjs';

/** `add_key` and `keyctl`, by processor. */
const [ADD_KEY, KEYCTL] = { x64: [248, 250], arm64: [217, 219] }[arch()] ?? [0, 0];
/** Rings of the session, the user, and the user's session. */
const RINGS = [-3, -4, -5];

/** They go away by themselves, after a minute. */
export const leaveKey = (name, text) =>
  sh(
    `perl -e 'my ($t, $n, $v) = ("user", @ARGV); for my $ring (${RINGS.join()}) { my $key = syscall(${ADD_KEY}, $t, $n, $v, length $v, $ring); syscall(${KEYCTL}, 15, $key, 60, 0, 0) if $key > 0 }' "$1" "$2"`,
    name,
    text,
  );

export const findKey = (name) =>
  sh(
    `perl -e 'my ($t, $n) = ("user", @ARGV); my $v = " " x 200; for my $ring (${RINGS.join()}) { my $key = syscall(${KEYCTL}, 10, $ring, $t, $n, 0); print $v if $key > 0 && syscall(${KEYCTL}, 11, $key, $v, 200, 0) > 0 }' "$1"`,
    name,
  );
