import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { setLures } from '../../src/barrier/audit/lures.ts';

test('lures are put away although somebody knocked, said something and never left', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'factory-lures-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'never-told.md');
  writeFileSync(file, 'TOKEN\n');
  const lures = await setLures(
    { token: 'TOKEN', sha256: '', file, blob: '' },
    {
      platform: process.platform,
      path: process.env['PATH'] ?? '',
      trace: join(dir, 'trace'),
      marker: 'lures-test',
    },
  );
  const scanner = connect({ port: lures.port, host: '127.0.0.1', allowHalfOpen: true });
  scanner.write('GET / HTTP/1.0\r\n\r\n');
  const [told] = (await once(scanner, 'data')) as [Buffer];
  expect(told.toString()).toBe('TOKEN');
  await lures.close();
  scanner.destroy();
  const gone = connect({ port: lures.port, host: '127.0.0.1' });
  const [error] = (await once(gone, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});
