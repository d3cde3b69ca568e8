export default async function check(kit) {
  const { assert } = kit;
  const ask = (name) => kit.post('/tickets', { json: { name } });
  for (const name of ['Ada', 'Grace', 'Edith']) assert.equal((await ask(name)).status, 201);
  const fourth = await ask('Barbara');
  assert.equal(fourth.status, 429);
  const wait = fourth.headers['retry-after'];
  assert.match(wait, /^\d+$/);
  assert.ok(Number(wait) >= 1 && Number(wait) <= 60, `between 1 and 60: ${wait}`);
}
