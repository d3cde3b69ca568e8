export default async function check(kit) {
  const { assert } = kit;
  const countText = await kit.load('countText');
  const topWords = await kit.load('topWords');
  await assert.rejects(async () => countText(42), {
    name: 'TypeError',
    message: 'text must be a string',
  });
  for (const limit of [0, -1, 1.5]) {
    await assert.rejects(async () => topWords('some text', limit), {
      name: 'RangeError',
      message: 'limit must be a whole number of at least 1',
    });
  }
}
