import assert from 'node:assert/strict';
import test from 'node:test';
import { Table } from '../src/store.js';

test('a row can be found by the id it was given', () => {
  const table = new Table('b');
  const row = table.add({ title: 'Solaris' });
  assert.equal(row.id, 'b1');
  assert.equal(table.get('b1'), row);
});

test('rows stay in the order they came', () => {
  const table = new Table('b');
  table.add({ title: 'Zebras' });
  table.add({ title: 'Anemones' });
  assert.deepEqual(
    table.all().map((row) => row.title),
    ['Zebras', 'Anemones'],
  );
});
