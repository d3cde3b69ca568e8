import { spawn as bareSpawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { alive } from './alive.ts';
import { run, sweepMarker } from '../../src/process/index.ts';

const here = fileURLToPath(new URL('../fixtures/process/', import.meta.url));
const PATH = process.env['PATH'] ?? '';

test('what a killed run left is found by its marker, and only that', async () => {
  const marker = `test-${process.pid}`;
  const other = bareSpawn(process.execPath, [`${here}forever.js`], {
    env: { PATH, FACTORY_PROCESS: `${marker}0:x` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(other.stdout, 'data');
  const left = await run(
    { label: 'left', command: [`${here}escape.js`], cwd: here, env: { PATH }, marker },
    { kind: 'none' },
  );
  const pid = Number(/child (\d+)/.exec(left.stdout)?.[1]);
  expect(alive(pid)).toBe(true);
  expect(await sweepMarker(marker, 200)).toBe(1);
  expect(alive(pid)).toBe(false);
  expect(await sweepMarker(marker, 200)).toBe(0);
  expect(alive(other.pid ?? 0)).toBe(true);
  other.kill('SIGKILL');
});

test('no marker at all is refused: it would match everybody', () => {
  expect(() => sweepMarker('')).toThrow('Internal error');
});
