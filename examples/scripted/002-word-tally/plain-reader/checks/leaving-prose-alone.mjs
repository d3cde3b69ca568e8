export default async function check(kit) {
  const { assert } = kit;
  const plainText = await kit.load('plainText');
  const prose =
    'We know 2 * 3 * 4, snake_case_name\nand a dash - like this - in a sentence.\n#hashtag';
  assert.equal(await plainText(prose), prose);
  await assert.rejects(async () => plainText(null), {
    name: 'TypeError',
    message: 'markdown must be a string',
  });
}
