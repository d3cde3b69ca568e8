import { existsSync, readFileSync } from 'node:fs';
import type { Problem } from '../../domain/index.ts';

const ADVISORY =
  'Or add --barrier advisory: agents then run as your user, kept from the scenarios by blind workspaces only, and every report says so.';

const problem = (what: string, ways: readonly string[]): Problem => ({
  where: 'barrier',
  what,
  remedy: [...ways, ADVISORY].join('\n'),
});

/** Why there is no sandbox on this system at all; null where it is worth a try. */
export function whyNoSandbox(platform: string): Problem | null {
  if (platform === 'linux') return null;
  const elsewhere =
    platform === 'win32'
      ? 'Run it inside WSL 2, where it is Linux.'
      : 'Run it in a Linux virtual machine or container that allows namespaces (see docs/barrier.md).';
  return problem(`There is no sandbox for this system (${platform}) yet.`, [elsewhere]);
}

interface Known {
  readonly said: RegExp;
  readonly what: string;
  readonly ways: (machine: Machine) => readonly string[];
}

/** As much of a machine as decides what makes it allow a sandbox. */
interface Machine {
  readonly isContainer: boolean;
  /** ID and ID_LIKE of os-release. */
  readonly family: string;
}

const DOCKER =
  'Docker, Podman: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined … as a normal user, with --cap-add SYS_ADMIN --cap-add NET_ADMIN as root; or --privileged.';
const APPARMOR = `Ubuntu 23.10 and newer, GitHub runners: allow bwrap by an AppArmor profile:
  printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\nprofile unshare /usr/bin/unshare flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/implement-factory && sudo apparmor_parser -r /etc/apparmor.d/implement-factory
  or, for the whole machine: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`;
const SYSCTL =
  'Older Debian and hardened kernels: sudo sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=65536';

const INSTALL: readonly (readonly [family: RegExp, command: string])[] = [
  [/debian|ubuntu/, 'sudo apt-get install bubblewrap'],
  [/fedora|rhel|centos/, 'sudo dnf install bubblewrap'],
  [/alpine/, 'apk add bubblewrap util-linux setpriv'],
  [/arch/, 'sudo pacman -S bubblewrap'],
  [/suse/, 'sudo zypper install bubblewrap'],
];

const install = ({ family }: Machine): readonly string[] => {
  const [, command] = INSTALL.find(([pattern]) => pattern.test(family)) ?? [];
  return [
    command === undefined
      ? 'Install bubblewrap (it is packaged by that name everywhere).'
      : `Install it: ${command}`,
  ];
};

/** What a machine says that does not allow it, from what was seen. */
const KNOWN: readonly Known[] = [
  { said: /bwrap is missing/, what: 'bubblewrap is not installed.', ways: install },
  {
    said: /setpriv is missing|setpriv: (unrecognized|unknown|invalid)|bounding-set/,
    what: 'setpriv of util-linux is not installed, and as root it is needed.',
    ways: ({ family }) => [
      /alpine/.test(family)
        ? 'Install it: apk add util-linux setpriv'
        : 'Install util-linux, or start this as a normal user.',
    ],
  },
  {
    said: /setting up uid map: Permission denied|loopback: Failed RTM_NEWADDR/,
    what: 'AppArmor or a container does not let bubblewrap use a user namespace.',
    ways: ({ isContainer }) => (isContainer ? [DOCKER, APPARMOR] : [APPARMOR]),
  },
  {
    said: /No permissions to create (a )?new namespace|Creating new namespace failed|max_user_namespaces/,
    what: 'This machine does not allow new namespaces.',
    ways: ({ isContainer, family }) =>
      isContainer ? [DOCKER] : /ubuntu/.test(family) ? [APPARMOR, SYSCTL] : [SYSCTL, DOCKER],
  },
  {
    said: /Can't mount proc|mount proc|make \/ slave|pivot_root|Operation not permitted/,
    what: 'This container does not let bubblewrap mount what a sandbox needs.',
    ways: () => [DOCKER],
  },
];

const thisMachine = (): Machine => ({
  isContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  family: familyOf(),
});

/** The way to make a sandbox work on a machine, from what its probe said. */
export function refusalOf(said: string, machine: Machine = thisMachine()): Problem {
  const known = KNOWN.find((each) => each.said.test(said));
  if (known === undefined)
    return problem(`The sandbox does not work on this machine: ${said.trim()}.`, [
      'See docs/barrier.md for what it needs.',
    ]);
  const quote = said.endsWith('missing') ? '' : ` (${said.trim().split('\n')[0]})`;
  return problem(`${known.what.replace(/\.$/, '')}${quote}.`, known.ways(machine));
}

function familyOf(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return [...text.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].map(([, value]) => value).join(' ');
  } catch {
    // Minimal images have none: then the remedy names the package without a command.
    return '';
  }
}
