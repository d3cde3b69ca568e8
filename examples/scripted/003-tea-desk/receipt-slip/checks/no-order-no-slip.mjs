import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const slip = await kit.get(`/orders/${randomUUID()}/receipt`);
  assert.equal(slip.status, 404);
  assert.equal(typeof slip.json().error, 'string');
}
