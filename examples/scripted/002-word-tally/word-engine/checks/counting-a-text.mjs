export default async function check(kit) {
  const { assert } = kit;
  const countText = await kit.load('countText');
  const text = "Don't panic,\nwell-read friend!\n";
  assert.deepEqual(await countText(text), { lines: 2, words: 4, characters: 31 });
  assert.deepEqual(await countText(text.trimEnd()), { lines: 2, words: 4, characters: 30 });
  assert.deepEqual(await countText(''), { lines: 0, words: 0, characters: 0 });
}
