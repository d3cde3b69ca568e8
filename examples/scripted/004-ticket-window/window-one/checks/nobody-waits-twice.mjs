export default async function check(kit) {
  const { assert } = kit;
  const ask = (name) => kit.post('/tickets', { json: { name } });
  assert.equal((await ask('Ada')).status, 201);
  const again = await ask('Ada');
  assert.equal(again.status, 409);
  assert.match(again.json().error, /\S/);
  const grace = await ask('Grace');
  assert.equal(grace.status, 201);
  assert.equal(grace.json().number, 2);
}
