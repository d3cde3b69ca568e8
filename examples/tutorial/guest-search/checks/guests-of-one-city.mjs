export default async function check(kit) {
  const { assert } = kit;
  await kit.post('/guests', { json: { name: 'Olga', city: 'Vilnius' } });
  await kit.post('/guests', { json: { name: 'Pavel', city: 'Plzen' } });
  const found = (await kit.get('/guests?city=vilnius')).json();
  assert.ok(found.length > 0);
  assert.ok(found.every(({ city }) => city === 'Vilnius'));
}
