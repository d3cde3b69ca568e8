import assert from 'node:assert/strict';
import test from 'node:test';
import { routes } from '../routes/teas.js';
import { findTea, teas } from '../src/teas.js';

test('the menu is in alphabetical order', () => {
  const names = teas.map((tea) => tea.name);
  assert.deepEqual(names, [...names].sort());
});

test('a tea is found by its name only', () => {
  assert.equal(findTea('assam').pence, 250);
  assert.equal(findTea('black'), undefined);
});

test('a kind nobody sells is an empty list', () => {
  const list = routes.find((route) => route.path === '/teas').handle;
  const { json } = list({ query: new URLSearchParams('kind=purple') });
  assert.deepEqual(json, { teas: [] });
});
