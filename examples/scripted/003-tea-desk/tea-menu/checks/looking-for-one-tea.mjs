export default async function check(kit) {
  const { assert } = kit;
  const sencha = await kit.get('/teas/sencha');
  assert.equal(sencha.status, 200);
  assert.deepEqual([sencha.json().kind, sencha.json().pence], ['green', 280]);

  const cocoa = await kit.get('/teas/cocoa');
  assert.equal(cocoa.status, 404);
  assert.match(cocoa.json().error, /cocoa/);
}
