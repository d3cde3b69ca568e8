export default async function check(kit) {
  const { assert } = kit;
  const countText = await kit.load('countText');
  const mixed = await countText('Świt, naïve Ελλάδα, Привет 42');
  assert.deepEqual([mixed.words, mixed.characters], [5, 29]);

  const family = await countText('\u{1F469}\u200D\u{1F469}\u200D\u{1F467}');
  assert.deepEqual([family.words, family.characters], [0, 1]);

  for (const accented of ['\u00E9', 'e\u0301']) {
    assert.equal((await countText(accented)).characters, 1);
  }
}
