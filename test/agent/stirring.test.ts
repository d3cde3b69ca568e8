import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stirring } from '../../src/agent/stirring.ts';

test('an agent that says nothing stirs as long as it changes files', async () => {
  const root = await mkdtemp(join(tmpdir(), 'factory-stirring-'));
  try {
    const work = join(root, 'work');
    await mkdir(join(work, 'src'), { recursive: true });
    const transcript = join(root, 'transcript');
    const words = async () => {
      await writeFile(transcript, 'a word');
      // Clocks of file systems are coarse: its last words came a little later than anything before them.
      const later = new Date(Date.now() + 20);
      await utimes(transcript, later, later);
      await new Promise((resolve) => setTimeout(resolve, 40));
    };
    await words();
    const stirs = stirring([work, join(root, 'nowhere')], transcript);
    expect(await stirs()).toBe(false);
    await writeFile(join(work, 'src', 'new.js'), '1');
    expect([await stirs(), await stirs()]).toEqual([true, false]);
    await words();
    expect(await stirs()).toBe(false);
    await rm(join(work, 'src', 'new.js'));
    expect([await stirs(), await stirs()]).toEqual([true, false]);
  } finally {
    await rm(root, { recursive: true });
  }
});
