import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSpec } from '../../src/manifest/index.ts';
import {
  FILES,
  load,
  MANIFEST,
  temporaryDirectory,
  unprivileged,
  writeFiles,
  type Files,
} from './spec-directory.ts';

const without = (...paths: string[]): Files =>
  Object.fromEntries(Object.entries(FILES).filter(([path]) => !paths.includes(path)));

const unit = (frontmatter: string) => ({
  ...FILES,
  'units/cart.md': `---\n${frontmatter}\n---\n# Cart\n`,
});
const STUBS = '## Stubs\n\n### lists\n\n```js\nx\n```\n';
const stubs = (text: string) => ({ ...FILES, 'scenarios/api/e2e-stubs.md': text });

/** Files → the one fault they hold, as `path:line:column rule`. */
const faults: readonly (readonly [string, Files])[] = [
  ['manifest.md:1:1 file-empty', { ...FILES, 'manifest.md': '\n' }],
  ['manifest.md:1:1 file-not-text', { ...FILES, 'manifest.md': Buffer.from([0x2d, 0x00, 0x2d]) }],
  ['manifest.md:1:1 file-not-text', { ...FILES, 'manifest.md': Buffer.from([0x2d, 0xc3, 0x28]) }],
  [
    'manifest.md:1:1 file-too-large',
    { ...FILES, 'manifest.md': Buffer.alloc(50 * 1024 * 1024, 'x') },
  ],
  ['manifest.md:1:1 file-unreadable', without('manifest.md')],
  ['manifest.md:6:7 missing-unit-file', without('units/cart.md')],
  ['units/cart.md:1:1 file-empty', { ...FILES, 'units/cart.md': '' }],
  ['units/cart.md:1:1 file-not-text', { ...FILES, 'units/cart.md': Buffer.from([0xff]) }],
  ['units/cart.md:2:5 unit-file-disagrees', unit('id: card')],
  ['units/cart.md:2:7 unit-file-disagrees', unit('unit: card')],
  ['units/cart.md:3:8 unit-file-disagrees', unit('unit: cart\ntitle: A cart')],
  ['units/cart.md:2:15 unit-file-disagrees', unit('dependencies: [api, db]')],
  ['units/cart.md:2:8 unit-file-disagrees', unit('after: none')],
  ['units/cart.md:2:8 unit-file-disagrees', unit('group: 1')],
  ['units/cart.md:2:8 bad-unit-agent', unit('agent: gpt')],
  ['units/cart.md:2:8 bad-unit-agent', unit('agent: "claude:"')],
  ['units/cart.md:2:8 bad-unit-agent', unit('model: --version')],
  ['units/cart.md:3:8 bad-unit-agent', unit('agent: claude:opus\nmodel: sonnet')],
  ['units/cart.md:3:8 bad-unit-agent', unit('agent: command:x\nmodel: sonnet')],
  [
    'units/cart.md:1:4 frontmatter-language',
    { ...FILES, 'units/cart.md': '---js\nthrow 1\n---\n' },
  ],
  ['units/old.md:1:1 orphan-unit-file', { ...FILES, 'units/old.md': '# Old' }],
  [
    'manifest.md:5:7 unit-without-scenarios',
    without('scenarios/api/lists.md', 'scenarios/api/notes.txt'),
  ],
  ['manifest.md:5:7 unit-without-scenarios', without('scenarios/api/lists.md')],
  ['scenarios/old:1:1 orphan-scenarios', { ...FILES, 'scenarios/old/a.md': '# A' }],
  ['scenarios/a.md:1:1 scenario-not-read', { ...FILES, 'scenarios/a.md': '# A' }],
  ['scenarios/api/deep:1:1 scenario-not-read', { ...FILES, 'scenarios/api/deep/a.md': '# A' }],
  ['scenarios/api/b.MD:1:1 scenario-not-read', { ...FILES, 'scenarios/api/b.MD': '# A' }],
  ['scenarios/api/lists.md:1:1 file-empty', { ...FILES, 'scenarios/api/lists.md': ' ' }],
  [
    'scenarios/api/b.md:2:11 bad-priority',
    { ...FILES, 'scenarios/api/b.md': '---\npriority: high\n---\n# B' },
  ],
  [
    'scenarios/api/b.md:3:11 bad-priority',
    { ...FILES, 'scenarios/api/b.md': '# B\n\nPriority: P7\n' },
  ],
  [
    'scenarios/api/b.md:2:9 bad-sealed',
    { ...FILES, 'scenarios/api/b.md': '---\nsealed: maybe\n---\n# B' },
  ],
  [
    'manifest.md:5:7 only-sealed',
    { ...FILES, 'scenarios/api/lists.md': '---\nsealed: true\n---\n# Lists things' },
  ],
  [
    'scenarios/api/e2e-stubs.md:3:1 stub-without-scenario',
    stubs('## Stubs\n\n### listing\n\n```js\nx\n```\n'),
  ],
  ['scenarios/api/e2e-stubs.md:2:7 unit-file-disagrees', stubs(`---\nunit: cart\n---\n${STUBS}`)],
  ['scenarios/api/e2e-stubs.md:2:1 bad-stub', stubs('## Stubs\n### lists\n')],
  [
    'scenarios/api/e2e-stubs.md:2:1 bad-stub',
    stubs('## Stubs\n### lists\n```\n1\n```\n```\n2\n```\n'),
  ],
  ['scenarios/api/e2e-stubs.md:1:1 bad-stub', stubs('# Nothing\n')],
  [
    'scenarios/api/e2e-stubs.md:9:1 bad-stub',
    stubs(`${STUBS}\n### Lists things (P0)\n\n~~~\ny\n~~~\n`),
  ],
  ['scenarios/api/e2e-stubs.md:1:1 file-empty', stubs('')],
];

describe('a fault of the directory is reported with place, rule and remedy', () => {
  test.each(faults)('%s', async (expected, files) => {
    const { dir, spec, diagnostics } = await load(files);
    expect(
      diagnostics.map((d) => `${d.file.slice(dir.length + 1)}:${d.line}:${d.column} ${d.rule}`),
    ).toEqual([expected]);
    expect(diagnostics[0]?.hint).not.toBe('');
    expect(spec === null).toBe(diagnostics[0]?.severity === 'error');
  });
});

test('everything that is wrong is said at once, the manifest first', async () => {
  const { dir, diagnostics } = await load({
    'manifest.md': MANIFEST.replace('api\n', 'app\n'),
    'units/api.md': '---\ngroup: 1\nid: x\n---\n',
    'scenarios/api/a.md': '',
    'scenarios/zoo/a.md': '# A',
  });
  expect(
    diagnostics.map((d) => `${d.file.slice(dir.length + 1)}:${d.line}:${d.column} ${d.rule}`),
  ).toEqual([
    'manifest.md:6:7 missing-unit-file',
    'manifest.md:6:7 unit-without-scenarios',
    'manifest.md:6:41 unknown-dependency',
    'scenarios/api/a.md:1:1 file-empty',
    'scenarios/zoo:1:1 orphan-scenarios',
    'units/api.md:3:5 unit-file-disagrees',
  ]);
});

test('links are followed; one that goes round in a circle is a fault, not a hang', async () => {
  const { dir } = await load(without('units/api.md', 'scenarios/api/lists.md'));
  await symlink('loop.md', join(dir, 'scenarios/api/loop.md'));
  await symlink(join(dir, 'scenarios'), join(dir, 'scenarios/api/again'));
  await symlink('../../units/cart.md', join(dir, 'scenarios/api/linked.md'));
  await symlink('api.md', join(dir, 'units/api.md'));
  const { spec, diagnostics } = await loadSpec({
    name: 'x',
    dir,
    manifestFile: join(dir, 'manifest.md'),
  });
  expect(spec).toBeNull();
  expect(diagnostics.map((d) => `${d.file.slice(dir.length + 1)} ${d.rule}`)).toEqual([
    'scenarios/api/again scenario-not-read',
    'scenarios/api/loop.md file-unreadable',
    'units/api.md file-unreadable',
  ]);
});

test('a manifest that is a link into a circle, or a directory, is a fault', async () => {
  const dir = await temporaryDirectory();
  await symlink('manifest.md', join(dir, 'manifest.md'));
  const loop = await loadSpec({ name: 'x', dir, manifestFile: join(dir, 'manifest.md') });
  expect(loop.diagnostics.map((d) => [d.rule, d.message])).toEqual([
    ['file-unreadable', 'The file cannot be read: its symbolic links go round in a circle.'],
  ]);
  const folder = await loadSpec({ name: 'x', dir, manifestFile: dir });
  expect(folder.diagnostics.map((d) => d.rule)).toEqual(['file-unreadable']);
});

test('what may not be read is a fault', async () => {
  const { dir } = await load(FILES);
  await chmod(join(dir, 'units/api.md'), 0);
  await chmod(join(dir, 'scenarios/cart'), 0);
  const { diagnostics } = await unprivileged(dir, () =>
    loadSpec({ name: 'x', dir, manifestFile: join(dir, 'manifest.md') }),
  );
  await chmod(join(dir, 'scenarios/cart'), 0o700);
  expect(diagnostics.map((d) => `${d.file.slice(dir.length + 1)} ${d.rule}: ${d.message}`)).toEqual(
    [
      'scenarios/cart file-unreadable: This cannot be read: permission denied.',
      'units/api.md file-unreadable: The file cannot be read: permission denied.',
    ],
  );
});

describe('a link that leads out of the spec directory', () => {
  test.each(['scenarios/api/out.md', 'scenarios/other'])(
    '%s is a fault: what it leads to stays in workspaces',
    async (path) => {
      const [dir, outside] = [await temporaryDirectory(), await temporaryDirectory()];
      await writeFiles(dir, FILES);
      await symlink(outside, join(dir, path));
      const manifestFile = join(dir, 'manifest.md');
      const { spec, diagnostics } = await loadSpec({ name: 'x', dir, manifestFile });
      expect(spec).toBeNull();
      expect(diagnostics).toContainEqual(
        expect.objectContaining({
          rule: 'link-leads-out',
          file: join(dir, path),
          line: 1,
          column: 1,
        }),
      );
    },
  );
});
