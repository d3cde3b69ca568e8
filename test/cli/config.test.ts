import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { factorySchema } from '../../src/cli/settings/file.ts';
import { SETTING_NAMES, SETTINGS, variableOf } from '../../src/cli/settings/table.ts';
import { Project } from '../rig/project.ts';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));

test('the schema of factory.yaml is published', async () => {
  await expect(`${JSON.stringify(factorySchema(), null, 2)}\n`).toMatchFileSnapshot(
    join(DOCS, 'factory.schema.json'),
  );
});

test('the docs list every setting as it is', async () => {
  const page = await readFile(join(DOCS, 'configuration.md'), 'utf8');
  const rows = SETTING_NAMES.map((name) => {
    const { flag, hint, key, about, fallback, otherwise } = SETTINGS[name];
    const shown = hint === null ? `--${flag}, --no-${flag}` : `--${flag} ${hint}`;
    const usual = fallback === null ? otherwise : `\`${String(fallback)}\``;
    const code = (text: string) => `\`${text.replaceAll('|', String.raw`\|`)}\``;
    return [code(shown), code(key), code(variableOf(name)), about, usual];
  });
  const all = [['flag', 'key', 'variable', 'what', 'default'], ...rows];
  const widths = all[0]!.map((_, at) => Math.max(...all.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const table = [line(all[0]!), rule, ...rows.map(line)].join('\n');
  await expect(
    page.replace(
      /<!-- settings -->[^]*<!-- \/settings -->/,
      () => `<!-- settings -->\n\n${table}\n\n<!-- /settings -->`,
    ),
  ).toMatchFileSnapshot(join(DOCS, 'configuration.md'));
});

interface Told {
  readonly value: unknown;
  readonly from: string;
  readonly where: string | null;
}

test('config tells what holds and where it comes from: flag, environment, file, manifest, default', async () => {
  await using project = await Project.minimal({
    git: false,
    service: 'service:\n  start: node lib/serve.mjs\n  health: /up',
  });
  await project.write(
    '.start/factory.yaml',
    'slots: 8\nretries: 1\nmax_cost: 5\nrequire_p0: true\nallow_hosts: [a.example]\n',
  );
  const env = {
    IMPLEMENT_FACTORY_BARRIER: 'strict',
    IMPLEMENT_FACTORY_SLOTS: '6',
    IMPLEMENT_FACTORY_RETRIES: '2',
    IMPLEMENT_FACTORY_REQUIRE_P0: 'off',
    IMPLEMENT_FACTORY_ALLOW_HOST: 'b.example,c.example',
    IMPLEMENT_FACTORY_EVALUATOR: '',
  };
  const flags = ['--slots', '2', '--port', '3000', '--allow-host', 'd.example'];
  const { code, stdout } = await project.cli(['config', '001', '--json', ...flags], { env });
  expect(code).toBe(0);
  const { settings } = JSON.parse(stdout) as { settings: Record<string, Told> };
  expect(Object.keys(settings)).toEqual(SETTING_NAMES.map((name) => SETTINGS[name].key));
  const held = (key: string) => {
    const { value, from, where } = settings[key]!;
    return [value, from, where];
  };
  const file = (line: number) => `.start/factory.yaml:${line}:1`;
  const manifest = '.start/specs/001-signs/manifest.md';
  expect(held('slots')).toEqual([2, 'flag', '--slots']);
  expect(held('retries')).toEqual([2, 'environment', 'IMPLEMENT_FACTORY_RETRIES']);
  expect(held('require_p0')).toEqual([false, 'environment', 'IMPLEMENT_FACTORY_REQUIRE_P0']);
  expect(held('barrier')).toEqual(['strict', 'environment', 'IMPLEMENT_FACTORY_BARRIER']);
  expect(held('max_cost')).toEqual([5, 'file', file(3)]);
  expect(held('service.start')).toEqual(['node lib/serve.mjs', 'manifest', manifest]);
  expect(held('service.port')).toEqual([3000, 'flag', '--port']);
  expect(held('evaluator')).toEqual([null, 'default', null]);
  expect(held('agent_timeout')).toEqual([90, 'default', null]);
  expect(held('allow_hosts')).toEqual([
    ['d.example', 'b.example', 'c.example', 'a.example'],
    'flag',
    `--allow-host, IMPLEMENT_FACTORY_ALLOW_HOST, ${file(5)}`,
  ]);
  const said = await project.cli(['config', '--slots', '2']);
  expect(said.stdout).toMatch(/^slots +2 +--slots$/m);
  expect(said.stdout).toMatch(/^max_cost +5 +\.start\/factory\.yaml:3:1$/m);
});

test('faults of flags, environment and file are told at once, each with its place and a way out', async () => {
  await using project = await Project.minimal({ git: false });
  await project.write('.start/factory.yaml', 'slotz: 3\nretries: -1\n');
  const { code, stdout, stderr } = await project.cli(
    ['run', '--max-cost', '0', '--git', 'perhaps'],
    { env: { IMPLEMENT_FACTORY_SLOTS: 'many', IMPLEMENT_FACTORY_SLOT: '3' } },
  );
  expect([code, stdout]).toEqual([2, '']);
  for (const told of [
    '--max-cost: Expected a number above 0, found `0`.',
    '--git: Expected `branch` or `none`, found `perhaps`.',
    'IMPLEMENT_FACTORY_SLOTS: Expected a whole number, found `many`.',
    'IMPLEMENT_FACTORY_SLOT: There is no setting of this name.\n  Did you mean IMPLEMENT_FACTORY_SLOTS?',
    '.start/factory.yaml:1:1 error There is no key `slotz`.',
    'Did you mean `slots`?',
    '.start/factory.yaml:2:1 error `retries`: Expected a number of at least 0, found `-1`.',
  ])
    expect(stderr).toContain(told);
});

test('the service is who speaks loudest: a block of the file whole, single values by variable and flag', async () => {
  await using project = await Project.minimal({
    git: false,
    service: 'service:\n  start: one\n  health: /one',
  });
  await project.write('.start/factory.yaml', 'service:\n  start: two\n  env:\n    A: b\n');
  const service = async (args: string[], env: Record<string, string> = {}) => {
    const { stdout } = await project.cli(['config', '001', '--json', ...args], { env });
    const { settings } = JSON.parse(stdout) as { settings: Record<string, Told> };
    const said = Object.entries(settings).filter(
      ([key, { from }]) => key.startsWith('service') && from !== 'default',
    );
    return Object.fromEntries(said.map(([key, { value }]) => [key, value]));
  };
  expect(await service([])).toEqual({ 'service.start': 'two', 'service.env': { A: 'b' } });
  const env = { IMPLEMENT_FACTORY_START: 'three', IMPLEMENT_FACTORY_SERVICE_ENV: 'C=d=e\nF=' };
  expect(await service(['--restart-on', 'lib/**'], env)).toEqual({
    'service.start': 'three',
    'service.env': { C: 'd=e', F: '' },
    'service.restart_on': ['lib/**'],
  });
  expect(await service(['--service', 'none'], env)).toEqual({ service: 'none' });
  const alone = { IMPLEMENT_FACTORY_SERVICE: 'none' };
  expect(await service(['--start', 'four'], alone)).toMatchObject({ 'service.start': 'four' });
});
