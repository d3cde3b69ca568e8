export default async function check(kit) {
  const { assert } = kit;
  const { code, stdout, stderr } = await kit.run(['tally'], { stdin: 'one two\nthree\n' });
  assert.equal(code, 0);
  assert.equal(stdout, '2 3 14\n');
  assert.equal(stderr, '');
}
