export default async function check(kit) {
  const { assert } = kit;
  const ada = await kit.post('/tickets', { json: { name: 'Ada' } });
  assert.equal(ada.status, 201);
  assert.equal(ada.json().number, 1);
  const grace = await kit.post('/tickets', { json: { name: 'Grace' } });
  assert.equal(grace.status, 201);
  assert.equal(grace.json().number, 2);
}
