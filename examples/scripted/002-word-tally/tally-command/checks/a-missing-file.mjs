export default async function check(kit) {
  const { assert } = kit;
  await kit.write('a.txt', 'one two\n');
  const { code, stdout, stderr } = await kit.run('tally gone.txt a.txt');
  assert.equal(code, 1);
  assert.equal(stderr, 'tally: gone.txt: cannot be read\n');
  assert.match(stdout, /^1 2 8 a\.txt$/m);
}
