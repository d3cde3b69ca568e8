export default async function check(kit) {
  const { assert } = kit;
  for (const [option, value] of [
    ['--tpo', '3'],
    ['--top', 'many'],
  ]) {
    const { code, stdout, stderr } = await kit.run(['tally', option, value], { stdin: 'one' });
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^tally: /);
    assert.ok(stderr.includes(option));
  }
  const help = await kit.run(['tally', '--help']);
  assert.equal(help.code, 0);
  for (const option of ['--top', '--plain', '--json']) assert.ok(help.stdout.includes(option));
}
