export default async function check(kit) {
  const { assert } = kit;
  const topWords = await kit.load('topWords');
  assert.deepEqual(await topWords('the cat, The bird; a bird and THE end', 3), [
    { word: 'the', count: 3 },
    { word: 'bird', count: 2 },
    { word: 'a', count: 1 },
  ]);
  const twelve = 'ash beech cedar elm fir gum hazel ivy larch maple oak pine';
  assert.equal((await topWords(twelve)).length, 10);
  assert.deepEqual(await topWords('... !'), []);
}
