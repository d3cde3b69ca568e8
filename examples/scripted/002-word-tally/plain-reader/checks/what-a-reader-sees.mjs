export default async function check(kit) {
  const { assert } = kit;
  const plainText = await kit.load('plainText');
  const letter = [
    '## Dear **all**',
    '- the [new menu](https://example.org/menu)',
    '```',
    'tea = boil(water)',
    '```',
    '> bring `cake`',
  ];
  assert.equal(await plainText(letter.join('\n')), 'Dear all\nthe new menu\nbring cake');
}
