import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const note = `Found: a scarf ${randomUUID()}`;
  const page = await kit.page('/');
  const pin = async (text) => {
    await page.getByLabel('Your note').fill(text);
    await page.getByRole('button', { name: 'Pin it' }).click();
  };
  await pin('   ');
  await kit.until(async () =>
    assert.match(await page.getByRole('alert').innerText(), /write something first/i),
  );
  await pin(note);
  await kit.until(async () => assert.equal(await page.getByText(note).count(), 1));
  const notes = await page.getByRole('listitem').allInnerTexts();
  assert.deepEqual(notes.filter((text) => text.trim() === ''), []);
}
