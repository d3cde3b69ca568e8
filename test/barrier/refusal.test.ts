import { expect, test } from 'vitest';
import { refusalOf, whyNoSandbox } from '../../src/barrier/sandbox/refusal.ts';

/** What bubblewrap and its companions were seen to say, and a word of the way out. */
test.each([
  ['bwrap is missing', 'bubblewrap is not installed', /bubblewrap/],
  ['setpriv is missing', 'setpriv of util-linux', /util-linux|setpriv/],
  ['bwrap: setting up uid map: Permission denied', 'AppArmor', /apparmor_parser/],
  ['bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted', 'AppArmor', /profile bwrap/],
  ['bwrap: No permissions to create new namespace', 'new namespaces', /sysctl -w|docker run/],
  ['bwrap: Creating new namespace failed: No space left', 'new namespaces', /sysctl -w|docker run/],
  ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", 'container', /systempaths/],
  ['bwrap: something nobody has seen', 'something nobody has seen', /docs\/barrier\.md/],
])('%s: what it means, and the way out', (said, what, way) => {
  const problem = refusalOf(`exited with code 1 ${said}`);
  expect(problem.what).toContain(what);
  expect(problem.remedy).toMatch(way);
  expect(problem.remedy).toContain('--barrier advisory');
});

const DEBIAN = { family: 'debian', isContainer: false };
const UBUNTU = { family: 'ubuntu debian', isContainer: false };
const CONTAINER = { family: 'debian', isContainer: true };
const NO_NAMESPACES = 'exited with code 1 bwrap: No permissions to create new namespace';
const NO_UID_MAP = 'exited with code 1 bwrap: setting up uid map: Permission denied';

/** A GitHub runner is an Ubuntu. */
test.each([
  ['a Debian without it', DEBIAN, 'bwrap is missing', ['sudo apt-get install bubblewrap']],
  ['a Debian', DEBIAN, NO_NAMESPACES, ['sysctl -w kernel.unprivileged_userns_clone=1']],
  ['an Ubuntu', UBUNTU, NO_NAMESPACES, ['GitHub runners', 'profile bwrap', 'apparmor_parser -r']],
  ['a GitHub runner', UBUNTU, NO_UID_MAP, ['GitHub runners', 'apparmor_restrict_unprivileged']],
  ['a Docker container', CONTAINER, NO_NAMESPACES, ['--security-opt seccomp', '--privileged']],
  ['one on an Ubuntu', CONTAINER, NO_UID_MAP, ['--security-opt apparmor', 'apparmor_parser -r']],
])('%s is told its own way', (_, machine, said, ways) => {
  const { remedy } = refusalOf(said, machine);
  for (const way of ways) expect(remedy).toContain(way);
  expect(remedy.includes('docker run')).toBe(machine !== UBUNTU && !said.endsWith('missing'));
});

test('a system without a sandbox is named, with where there is one', () => {
  expect(whyNoSandbox('linux')).toBeNull();
  expect(whyNoSandbox('win32')?.remedy).toContain('WSL 2');
  expect(whyNoSandbox('darwin')?.remedy).toContain('Linux virtual machine');
});
