export default async function check(kit) {
  const { assert } = kit;
  const stdin = 'tea, Tea and more tea: very, very good';
  const json = await kit.run(['tally', '--json', '--top', '2'], { stdin });
  assert.equal(json.code, 0);
  assert.deepEqual(JSON.parse(json.stdout), [
    { word: 'tea', count: 3 },
    { word: 'very', count: 2 },
  ]);
  const plain = await kit.run(['tally', '--top', '2'], { stdin });
  assert.equal(plain.stdout, '3 tea\n2 very\n');
}
