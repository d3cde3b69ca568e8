export default async function check(kit) {
  const { assert } = kit;
  const before = (await kit.get('/guests')).json().length;
  assert.equal((await kit.post('/guests', { json: { city: 'Turku' } })).status, 400);
  assert.equal((await kit.get('/guests')).json().length, before);
}
