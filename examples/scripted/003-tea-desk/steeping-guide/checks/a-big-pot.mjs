export default async function check(kit) {
  const { assert } = kit;
  const steepingTime = await kit.load('steepingTime');
  for (const [cups, seconds] of [
    [2, 240],
    [3, 255],
    [6, 300],
    [8, 300],
  ]) {
    assert.equal(await steepingTime('black', cups), seconds);
  }
}
