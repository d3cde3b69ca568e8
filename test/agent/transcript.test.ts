import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTranscript } from '../../src/agent/transcript.ts';

test('of a flood, lines share records, and each is there once, in order, without credentials', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'transcript-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'transcript.ndjson');
  const transcript = openTranscript(file, (text) => text.replaceAll('hunter2', '[redacted]'));
  const said = Array.from({ length: 20_000 }, (_, at) => [
    at % 500 === 0 ? ('stderr' as const) : ('stdout' as const),
    at % 100 === 0 ? `{"event":${String(at)}}` : `${String(at)} hunter2`,
  ]);
  for (const [from, line] of said) transcript.write(from as 'stdout' | 'stderr', line ?? '');
  expect(await transcript.close()).toEqual({ ok: true, value: undefined });
  const text = readFileSync(file, 'utf8');
  const records = text.trimEnd().split('\n');
  expect(records.length).toBeLessThan(said.length / 10);
  const lines = records.flatMap((record) => {
    const parsed = JSON.parse(record) as { stdout?: string; stderr?: string };
    return (parsed.stdout ?? parsed.stderr ?? record).split('\n');
  });
  expect(lines).toEqual(said.map(([, line]) => (line ?? '').replace('hunter2', '[redacted]')));
});
