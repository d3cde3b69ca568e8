import { expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';
import { CAN_MOUNT, expectEnd, shell } from './bad-rig.ts';

const STUBS = `---
unit: sign-1
framework: playwright
---

# Stubs

## Stubs

### reads-as-agreed

\`\`\`ts
test('reads', async ({ page }) => { await page.goto('/1'); });
\`\`\`
`;

/** Puts what cannot be executed over every browser of this machine, for one process and its children. */
const HIDE = `hide() { [ ! -x "$1" ] || mount --bind /dev/null "$(readlink -f "$1")"; }
for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
  for folder in $(echo "$PATH" | tr : ' '); do hide "$folder/$name"; done
done
hide /usr/lib/chromium/chromium
hide /usr/lib64/chromium-browser/chromium-browser
hide /opt/google/chrome/chrome
exec "$@"`;

test('scenarios that need a browser where there is none: refused before anything starts, or inconclusive where a person says so', async () => {
  await using project = await Project.minimal({
    checks: 'authored',
    service: 'service:\n  start: node lib/serve.mjs',
  });
  await project.write('.start/specs/001-signs/scenarios/sign-1/e2e-stubs.md', STUBS);
  await project.write(
    '../scripted/sign-1/checks/reads-as-agreed.mjs',
    `export default async (kit) => {
  kit.assert.equal(await (await kit.page('/1')).innerText('body'), 'right');
};
`,
  );
  await project.commit('In a browser');
  const run = ['run', ...scripted(project)];

  expectEnd(
    await project.cli([...run, '--browser', 'nowhere']),
    2,
    /no program that can be executed/,
  );
  if (CAN_MOUNT) {
    const blind = await shell(project, 'exec unshare -rm sh -c "$HIDE" sh $F $RUN', {
      HIDE,
      RUN: run.join(' '),
    });
    expectEnd(blind, 2, /e2e-stubs\.md/, /There is no Chromium on this machine/, /--browser none/);
  }
  expect(await project.git('branch', '--list', 'factory/*')).toBe('');

  const without = await project.cli([...run, '--browser', 'none']);
  expectEnd(
    without,
    3,
    /it needs a browser\. Browsers are switched off/,
    /--recheck reads-as-agreed/,
  );
  expect(await project.processes()).toEqual([]);
});
