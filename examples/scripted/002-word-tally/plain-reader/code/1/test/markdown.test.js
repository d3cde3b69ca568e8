import assert from 'node:assert/strict';
import test from 'node:test';
import { plainText } from '../src/index.js';

const cases = [
  ['**[words](target)**', 'words'],
  ['![a cat](cat.png) sleeps', 'a cat sleeps'],
  ['_one_ *two* __three__ **four**', 'one two three four'],
  ['1. > ### deep', 'deep'],
  ['`a * b * c`', 'a * b * c'],
  ['before\n```js\ncode\n```\nafter', 'before\nafter'],
];

for (const [markdown, plain] of cases) {
  test(`${JSON.stringify(markdown)} reads as ${JSON.stringify(plain)}`, () => {
    assert.equal(plainText(markdown), plain);
  });
}
