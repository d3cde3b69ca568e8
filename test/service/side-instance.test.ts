import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ok } from '../../src/domain/index.ts';
import { alive } from '../process/alive.ts';
import { standing, start } from './rig.ts';

const { root, open, ask } = standing();

describe('a side instance', () => {
  test('runs another commit beside the service, and leaves nothing', async () => {
    const service = open({ start: 'node good.js' });
    await start(service);
    let pid = 0;
    const seen = await service.withProduct('c7', async ({ url, dir }) => {
      const [version = '', id] = (await (await fetch(url)).text()).split(' ');
      pid = Number(id);
      expect(existsSync(join(dir, 'good.js'))).toBe(true);
      return version;
    });
    expect(seen).toEqual(ok('c7'));
    expect(alive(pid)).toBe(false);
    expect(await ask()).toMatch(/^c1 /);
    expect(await readdir(join(root(), 'trees'))).toEqual(['service']);
  });

  test('is gone when its use throws', async () => {
    const service = open({ start: 'node good.js' });
    let url = '';
    const bug = service.withProduct('c1', (instance) => {
      ({ url } = instance);
      throw new Error('a bug');
    });
    await expect(bug).rejects.toThrow('a bug');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(await readdir(join(root(), 'trees'))).toEqual([]);
  });

  test('that does not start tells whether the product is to blame', async () => {
    await mkdir(join(root(), 'trees'));
    const broken = await open({ start: 'node broken.js' }).withProduct('c1', async () => 1);
    expect(broken).toMatchObject({
      error: { symptom: 'service: exited with code 1 before it answered' },
    });
    const gone = await open({ start: 'node good.js' }).withProduct('gone', async () => 1);
    expect(gone).toMatchObject({ error: { symptom: null } });
    expect(await readdir(join(root(), 'trees'))).toEqual([]);
  });
});
