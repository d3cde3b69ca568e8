export default async function check(kit) {
  const { assert } = kit;
  const stdin = 'Read [this page](https://example.org/a-b-c) now\n';
  const { code, stdout } = await kit.run(['tally', '--plain', '--json'], { stdin });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), [{ file: null, lines: 1, words: 4, characters: 19 }]);
}
