export default async function check(kit) {
  const { assert } = kit;
  const pot = await kit.run(['tea', 'price', 'sencha', '4']);
  assert.deepEqual([pot.code, pot.stdout], [0, '£10.08\n']);
  const cup = await kit.run(['tea', 'price', 'assam']);
  assert.deepEqual([cup.code, cup.stdout], [0, '£2.50\n']);
}
