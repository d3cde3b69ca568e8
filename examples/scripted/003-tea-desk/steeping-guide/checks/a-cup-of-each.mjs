export default async function check(kit) {
  const { assert } = kit;
  const steepingTime = await kit.load('steepingTime');
  assert.equal(await steepingTime('green', 1), 120);
  assert.equal(await steepingTime('white', 1), 150);
  assert.equal(await steepingTime('black', 1), 240);
  assert.equal(await steepingTime('herbal', 1), 300);
}
