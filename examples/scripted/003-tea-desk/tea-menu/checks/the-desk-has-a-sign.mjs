export default async function check(kit) {
  const { assert } = kit;
  const sign = await kit.get('/');
  assert.equal(sign.status, 200);
  assert.ok(sign.json().desk);
  assert.equal(sign.json().teas, '/teas');
  assert.equal((await kit.get('/teas')).status, 200);
  assert.equal((await kit.get('/greeting')).status, 404);
}
