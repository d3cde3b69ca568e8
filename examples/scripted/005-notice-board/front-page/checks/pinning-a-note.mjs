import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const note = `Lost: a <b>scarf</b> ${randomUUID()}`;
  const ada = await kit.page('/');
  await ada.getByLabel('Your note').fill(note);
  await ada.getByRole('button', { name: 'Pin it' }).click();
  await kit.until(async () => {
    assert.equal(await ada.getByRole('listitem').first().innerText(), note);
    assert.equal(await ada.getByLabel('Your note').inputValue(), '');
  });
  const grace = await kit.page('/', { visitor: 'Grace' });
  await kit.until(async () => assert.equal(await grace.getByText(note).count(), 1));
}
