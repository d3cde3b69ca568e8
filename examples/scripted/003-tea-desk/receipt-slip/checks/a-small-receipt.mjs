export default async function check(kit) {
  const { assert } = kit;
  const wish = { tea: 'sencha', cups: 2, table: 'door' };
  const { id } = (await kit.post('/orders', { json: wish })).json();
  const slip = await kit.get(`/orders/${id}/receipt`);
  assert.equal(slip.status, 200);
  assert.match(slip.headers['content-type'], /^text\/plain/);

  const lines = slip.text.trimEnd().split('\n');
  assert.equal(lines.length, 4);
  for (const line of lines) assert.ok(line.length <= 40);
  assert.match(lines[1], /^2 x sencha +£5\.60$/);
  assert.equal(lines[1].length, 40);
  assert.match(lines[3], /^Total +£5\.60$/);
  assert.equal(lines[3].length, 40);
}
