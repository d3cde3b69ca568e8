export default async function check(kit) {
  const { assert } = kit;
  await kit.write('a.txt', 'one two\n');
  await kit.write('b.txt', 'three\n');
  const { code, stdout } = await kit.run(['tally', 'a.txt', 'b.txt']);
  assert.equal(code, 0);
  assert.equal(stdout, '1 2 8 a.txt\n1 1 6 b.txt\n2 3 14 total\n');
}
