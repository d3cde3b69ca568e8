export default async function check(kit) {
  const { assert } = kit;
  const headers = { 'content-type': 'application/json' };
  const broken = await kit.post('/books', { headers, body: '{"title": ' });
  assert.equal(broken.status, 400);
  assert.equal(typeof broken.json().error, 'string');

  const unknown = await kit.get('/cellar');
  assert.equal(unknown.status, 404);
  assert.equal(typeof unknown.json().error, 'string');

  const odd = await kit.delete('/books');
  assert.equal(odd.status, 405);
  assert.match(odd.headers.allow, /\bGET\b/);
  assert.match(odd.headers.allow, /\bPOST\b/);

  const health = await kit.get('/health');
  assert.equal(health.status, 200);
  assert.deepEqual(health.json(), { status: 'ok' });
}
