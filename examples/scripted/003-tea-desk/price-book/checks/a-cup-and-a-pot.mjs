export default async function check(kit) {
  const { assert } = kit;
  const priceOf = await kit.load('priceOf');
  assert.equal(await priceOf('sencha', 3), 840);
  assert.equal(await priceOf('sencha', 4), 1008);
  assert.equal(await priceOf('darjeeling', 5), 1395);
}
