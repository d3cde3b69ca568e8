export default async function check(kit) {
  const { assert } = kit;
  const names = (answer) => answer.json().teas.map((tea) => tea.name);
  const menu = await kit.get('/teas');
  assert.equal(menu.status, 200);
  assert.deepEqual(names(menu), ['assam', 'chamomile', 'darjeeling', 'sencha', 'silver-needle']);
  assert.deepEqual(names(await kit.get('/teas?kind=black')), ['assam', 'darjeeling']);
}
