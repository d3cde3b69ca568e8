export default async function check(kit) {
  const { assert } = kit;
  const formatPence = await kit.load('formatPence');
  assert.equal(await formatPence(280), '£2.80');
  assert.equal(await formatPence(1005), '£10.05');
  assert.equal(await formatPence(7), '£0.07');
  assert.equal(await formatPence(0), '£0.00');
  for (const odd of [2.5, -1]) {
    await assert.rejects(async () => formatPence(odd), { name: 'RangeError' });
  }
}
