import assert from 'node:assert/strict';
import test from 'node:test';
import { openDesk } from '../src/desk.js';

test('the desk is healthy, and refuses what it does not know', async () => {
  const desk = await openDesk();
  await new Promise((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${desk.address().port}`;
  try {
    assert.equal((await fetch(`${url}/health`)).status, 200);
    assert.equal((await fetch(`${url}/coffee`)).status, 404);
  } finally {
    desk.close();
  }
});
