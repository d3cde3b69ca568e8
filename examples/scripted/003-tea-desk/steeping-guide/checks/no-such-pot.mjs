export default async function check(kit) {
  const { assert } = kit;
  const steepingTime = await kit.load('steepingTime');
  await assert.rejects(async () => steepingTime('cocoa', 1), {
    name: 'RangeError',
    message: 'unknown kind of tea: cocoa',
  });
  for (const cups of [0, 9, 1.5]) {
    await assert.rejects(async () => steepingTime('green', cups), {
      name: 'RangeError',
      message: 'cups must be a whole number from 1 to 8',
    });
  }
}
