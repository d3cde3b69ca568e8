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
  const problem = refusalOf(`exited with code 1 ${said}`, false);
  expect(problem.what).toContain(what);
  expect(problem.remedy).toMatch(way);
  expect(problem.remedy).toContain('--barrier advisory');
});

test('a system without a sandbox is named, with where there is one', () => {
  expect(whyNoSandbox('linux')).toBeNull();
  expect(whyNoSandbox('win32')?.remedy).toContain('WSL 2');
  expect(whyNoSandbox('darwin')?.remedy).toContain('Linux virtual machine');
});
