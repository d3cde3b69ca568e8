import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EXAMPLES,
  exampleNames,
  filesOf,
  isRetried,
  loadExample,
  materialise,
  measures,
  scenariosOf,
  tries,
  unitsInOrder,
} from './example.ts';
import type { Example } from './example.ts';
import { findChromium } from '../../src/evaluation/index.ts';
import { answering, measure, ownTests, serving } from './product.ts';

/** What goes wrong at the first try, as examples/README.md tells it. */
const INTENDED: Readonly<Record<string, readonly string[]>> = {
  '001-bookshelf-service': ['nothing-to-bring-back', 'one-reader-at-a-time'],
  '002-word-tally': [],
  '003-tea-desk': ['no-order-no-slip'],
  '004-ticket-window': ['a-crowd-has-to-wait'],
  '005-notice-board': [],
};

let temp: string;
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'examples-'));
});
afterAll(() => rm(temp, { recursive: true, force: true }));

it('there are those that are known', () => {
  expect(exampleNames()).toEqual(Object.keys(INTENDED));
});

const system = findChromium({
  named: null,
  path: process.env['PATH'] ?? '',
  node: process.execPath,
});

/** Skipped where there is no Chromium on this machine. */
const measurable = (name: string): boolean => name !== '005-notice-board' || system.ok;

describe.each(Object.keys(INTENDED).filter(measurable))('%s', (name) => {
  let example: Example;
  let files: string[];
  const env = () => {
    const { service } = example.spec.manifest;
    const reset = service.kind === 'declared' ? service.service.reset : undefined;
    return {
      ...(reset !== undefined && { RESET: reset }),
      ...(system.ok && { CHROMIUM: system.value.executable, PLAYWRIGHT: system.value.library }),
    };
  };
  const scenarioNames = () => scenariosOf(example).map((scenario) => scenario.name);
  beforeAll(async () => {
    example = await loadExample(name);
    files = await measures(example, join(temp, name, 'stubs'));
  });

  it('is a spec without any fault, and every scenario is measured by exactly one thing', () => {
    const measured = files.map((file) => basename(file).replace(/\..*$/, '')).sort();
    expect(measured).toEqual(scenarioNames().sort());
  });

  it.each(isRetried(name) ? (['first', 'last'] as const) : (['last'] as const))(
    'passes as told after the %s try, in every round',
    async (upTo) => {
      const tree = join(temp, name, upTo, 'tree');
      await materialise(example, { tree, upTo });
      const rounds = 2;
      const work = (url: string) => measure({ tree, files, url, rounds, env: env() });
      const failed = await serving(example, { tree, work });
      const expected = upTo === 'first' ? (INTENDED[name] ?? []) : [];
      expect({ names: Object.keys(failed).sort(), failed }).toEqual({ names: expected, failed });
      for (const reasons of Object.values(failed)) expect(reasons).toHaveLength(rounds);
    },
  );

  it('is satisfied by nothing that is not there, nor by one answer to everything', async () => {
    const tree = join(temp, name, 'nothing', 'tree');
    await materialise(example, { tree, upTo: 'nothing' });
    await rm(join(tree, 'src'), { recursive: true });
    const refused = await measure({
      tree,
      files,
      url: 'http://127.0.0.1:9',
      rounds: 1,
      env: env(),
    });
    expect(Object.keys(refused).sort()).toEqual(scenarioNames().sort());
    const asking = files.filter((file) => !/kit\.(run|load)\(/.test(readFileSync(file, 'utf8')));
    if (asking.length === 0) return;
    const body = JSON.stringify({ status: 'ok', id: '1', error: 'no', count: 0, waiting: [] });
    for (const status of [200, 404, 409]) {
      const failed = await answering({ status, body }, (url) =>
        measure({ tree, files: asking, url, rounds: 1, env: env() }),
      );
      expect({ status, failed: Object.keys(failed).length }).toEqual({
        status,
        failed: asking.length,
      });
    }
  });

  it.each(['nothing', 'last'] as const)(
    'has green tests of its own with %s built',
    async (upTo) => {
      const tree = join(temp, name, `own-${upTo}`, 'tree');
      await materialise(example, { tree, upTo });
      const { code, output } = await ownTests(tree);
      expect({ code, output }).toEqual({ code: 0, output });
      if (upTo === 'last') expect(output).toMatch(/^# pass [1-9]/m);
    },
  );

  it('scripts only what a code agent may do', () => {
    for (const unit of unitsInOrder(example)) {
      const written = tries(example, unit).flatMap((folder) => filesOf(folder));
      expect(written).not.toHaveLength(0);
      for (const file of written) {
        expect(file).not.toMatch(/^\.|(AGENTS|CLAUDE)\.md$/);
        expect(spoken(file)).not.toContain(spoken(unit));
      }
    }
  });

  it('lets no two units of a parallel group write the same file', () => {
    for (const { mode, units } of example.spec.manifest.groups) {
      if (mode === 'sequential') continue;
      const written = units.flatMap((unit) => [
        ...new Set(tries(example, unit).flatMap((folder) => filesOf(folder))),
      ]);
      expect(new Set(written).size).toBe(written.length);
    }
  });

  it('repeats no sentence of a scenario in a unit spec, nor in the project', async () => {
    const read = (file: string) => readFile(file, 'utf8');
    const project = join(EXAMPLES, 'projects', name);
    const visible = [
      ...example.spec.unitFiles.values(),
      ...filesOf(project).map((file) => join(project, file)),
    ];
    const open = plain((await Promise.all(visible.map(read))).join('\n'));
    for (const scenario of scenariosOf(example)) {
      const lines = (await read(scenario.file)).split('\n').map(plain);
      const long = lines.filter((line) => line.split(' ').length > 5);
      expect(long).not.toHaveLength(0);
      expect(long.filter((line) => open.includes(line))).toEqual([]);
    }
  });
});

/** Words in lower case with single blanks around them, so that `tea-menu` is found in `tea_menu.js`. */
const spoken = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
