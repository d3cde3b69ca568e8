export default async function check(kit) {
  const { assert } = kit;
  const priceOf = await kit.load('priceOf');
  await assert.rejects(async () => priceOf('cocoa', 1), {
    name: 'RangeError',
    message: 'there is no cocoa on the menu',
  });
  await assert.rejects(async () => priceOf('assam', 9), {
    name: 'RangeError',
    message: 'cups must be a whole number from 1 to 8',
  });
}
