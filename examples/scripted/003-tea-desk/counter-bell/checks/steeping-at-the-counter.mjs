export default async function check(kit) {
  const { assert } = kit;
  const green = await kit.run(['tea', 'steep', 'green', '3']);
  assert.deepEqual([green.code, green.stdout], [0, '2 min 15 s\n']);
  const black = await kit.run(['tea', 'steep', 'black']);
  assert.deepEqual([black.code, black.stdout], [0, '4 min\n']);
}
