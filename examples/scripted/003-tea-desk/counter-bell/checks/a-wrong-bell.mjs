export default async function check(kit) {
  const { assert } = kit;
  const cocoa = await kit.run('tea steep cocoa');
  assert.deepEqual([cocoa.code, cocoa.stdout], [1, '']);
  assert.equal(cocoa.stderr, 'tea: unknown kind of tea: cocoa\n');
  for (const command of ['tea pour', 'tea price']) {
    const { code, stdout, stderr } = await kit.run(command);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^tea: .+\n$/);
  }
}
