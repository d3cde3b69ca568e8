export default async function check(kit) {
  const { assert } = kit;
  const wish = { tea: 'silver-needle', cups: 4, table: 'door' };
  const { id } = (await kit.post('/orders', { json: wish })).json();
  const slip = await kit.get(`/orders/${id}/receipt`);
  assert.equal(slip.status, 200);
  assert.match(slip.text, /^\(pot, 10% off\)$/m);
  assert.match(slip.text, /^Total +£15\.12$/m);
}
