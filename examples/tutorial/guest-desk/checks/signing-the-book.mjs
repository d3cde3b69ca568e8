export default async function check(kit) {
  const { assert } = kit;
  const signed = await kit.post('/guests', { json: { name: 'Ida Lund', city: 'Bergen' } });
  assert.equal(signed.status, 201);
  assert.equal(signed.json().name, 'Ida Lund');
  const book = (await kit.get('/guests')).json();
  assert.ok(book.some(({ number, city }) => number === signed.json().number && city === 'Bergen'));
}
