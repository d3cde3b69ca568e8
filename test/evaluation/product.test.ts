import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandPath } from '../../src/evaluation/product/tree.ts';
import { Rig, TALLY } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.make();
});
afterEach(() => rig.dispose());

const verdict = (body: string) => rig.verdict(body, { needsService: false }, { attemptMs: 5000 });

describe('commands', () => {
  test('run by the name the package gives them, in a tree that no other attempt sees', async () => {
    const result = await verdict(`
      kit.assert.equal((await kit.run('tally list')).stdout, '');
      await kit.run('tally add', { args: ["it's", 5] });
      await kit.run(['tally', 'add', '$HOME']);
      kit.assert.equal((await kit.run('tally list | sort -r')).stdout, "it's 5\\n$HOME\\n");
      kit.assert.equal((await kit.run('tally count', { stdin: 'a\\nb\\n' })).stdout, '2\\n');
      kit.assert.equal(await kit.read('tally.txt'), "it's 5\\n$HOME\\n");
      await kit.write('deep/in.txt', 'x');
      kit.assert.equal((await kit.run('cat deep/in.txt')).stdout, 'x');
      const wrong = await kit.run('node bin/tally.js fly');
      kit.assert.deepEqual([wrong.code, wrong.stderr], [2, 'unknown command fly\\n']);`);
    expect(result).toMatchObject({ outcome: 'passed' });
    expect(existsSync(path.join(TALLY, 'tally.txt'))).toBe(false);
  });

  test('one that fails or hangs is seen as what it was', async () => {
    await verdict(`kit.assert.equal((await kit.run('tally fly')).code, 0);`);
    await verdict(`await kit.run('tally hang', { timeoutMs: 100 });`);
    await rig.verdict(`await kit.run('tally hang');`, { needsService: false }, { attemptMs: 600 });
    expect(rig.seen).toHaveLength(9);
    expect(rig.seen[0]).toMatchObject({
      kind: 'command',
      command: 'tally fly',
      code: 2,
      error: null,
    });
    expect(rig.seen[3]).toMatchObject({ kind: 'command', command: 'tally hang', error: 'timeout' });
    expect(rig.seen[6]).toMatchObject({ kind: 'command', command: 'tally hang', error: 'timeout' });
  });

  test.each([
    ['no object', 'null'],
    ['a name that leads elsewhere', '{"name":"..","bin":"x.js"}'],
    ['a name no file can have', JSON.stringify({ bin: { ['a'.repeat(300)]: 'x.js' } })],
  ])('a package.json with %s makes no command, and no trouble', async (_what, text) => {
    const tree = path.join(rig.runDir, 'odd');
    mkdirSync(tree);
    writeFileSync(path.join(tree, 'package.json'), text);
    const shims = path.join(rig.runDir, 'shims');
    const [first] = await commandPath(tree, shims, process.execPath);
    expect([first, readdirSync(shims)]).toEqual([shims, []]);
  });

  test('a path out of the working folder is the fault of the check', async () => {
    const result = await verdict(`await kit.write('../../x', '');`);
    expect(result).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('outside'),
    });
  });
});

describe('exports', () => {
  test('functions, data, classes and objects work as they do for a caller', async () => {
    const result = await verdict(`
      const add = await kit.load('add');
      kit.assert.equal(await add(1, 2), 3);
      kit.assert.deepEqual(await kit.load('VERSION'), { major: 1, tags: ['a'] });
      const divide = await kit.load('divide');
      await kit.assert.rejects(divide(1, 0), { name: 'RangeError', message: 'cannot divide by zero' });
      await kit.assert.rejects(divide(1, 0), RangeError);
      const take = await kit.load('take');
      await kit.assert.rejects(take(), { name: 'OutOfStock', message: 'out of stock', left: 2 });
      const Counter = await kit.load('Counter');
      const counter = await new Counter(5);
      kit.assert.equal(counter.value, 5);
      kit.assert.equal(await counter.increment(2), 7);
      kit.assert.deepEqual({ ...counter }, { value: 7, double: 14 });
      kit.assert.equal(await new Counter(1).increment(), 2);
      const store = await (await kit.load('createStore'))();
      await store.set('a', { b: [1] });
      kit.assert.equal(store.size, 1);
      kit.assert.deepEqual(await store.get('a'), { b: [1] });
      const [one, two] = await (await kit.load('counters'))();
      kit.assert.equal(await two.increment(), 3);
      kit.assert.equal(one.value, 1);
      kit.assert.deepEqual(await (await kit.load('index'))(), new Map([['a', { total: 1 }]]));
      const hidden = await kit.load('hidden');
      kit.assert.equal(await hidden(), 'found');`);
    expect(result).toMatchObject({ outcome: 'passed' });
  });

  test('the product cannot forge a verdict', async () => {
    const result = await verdict(
      `const forge = await kit.load('forge'); kit.assert.equal(await forge(), 'honest');`,
    );
    expect(result.outcome).toBe('failed');
  });

  test.each([
    ['missing', `await kit.load('nothing');`, 'missing'],
    ['ending the process', `await (await kit.load('die'))();`, 'died'],
    ['never answering', `await (await kit.load('hang'))();`, 'timeout'],
  ])('%s is the product at fault', async (_name, body, outcome) => {
    const result = await rig.verdict(body, { needsService: false }, { attemptMs: 700 });
    expect(result.outcome).toBe('failed');
    expect(rig.seen[0]).toMatchObject({ kind: 'call', outcome });
  });

  test('what cannot be passed to the product is the fault of the check', async () => {
    const result = await verdict(`await (await kit.load('add'))(() => 1);`);
    expect(result).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('plain data'),
    });
  });
});
