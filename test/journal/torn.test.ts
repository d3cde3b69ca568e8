import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/journal/index.ts';
import { child, JOURNAL } from './child.ts';
import { clock, noted, tempDir, value } from './rig.ts';

const spec = '001-torn';

describe('a run that is killed while it writes', () => {
  it('leaves a journal that opens and goes on', async () => {
    const project = tempDir();
    const writer = child(
      `const run = journal.openStore(process.argv[1], () => new Date()).createRun('${spec}', 'r1').value;
       for (let i = 0; ; i += 1) {
         const { ok } = run.append({ type: 'run.noted', message: 'x'.repeat(100_000) });
         if (i === 20) console.log(ok);
       }`,
      project,
    );
    expect(await writer.line()).toBe('true');
    await writer.kill();
    const store = openStore(project, clock());
    const run = value(
      store.openRun({ id: 'r1', dir: join(project, '.factory', 'runs', spec, 'r1') }),
    );
    expect(run.events.length).toBeGreaterThan(20);
    expect(value(run.append(noted('after'))).seq).toBe(run.events.length + 1);
    run.close();
    expect(value(store.readRun(run)).events).toHaveLength(run.events.length + 1);
  });
});

const ownMounts = spawnSync('unshare', ['-rm', 'true']).status === 0;

describe.skipIf(!ownMounts)('a full disk', () => {
  it('is a value that says so and leaves only whole events', () => {
    const project = tempDir();
    const code = `import * as journal from ${JSON.stringify(JOURNAL)};
      import { readFileSync } from 'node:fs';
      const store = journal.openStore(process.argv[1], () => new Date());
      const run = store.createRun('${spec}', 'r1').value;
      let count = 0;
      let last;
      while ((last = run.append({ type: 'run.noted', message: 'x'.repeat(9000) })).ok) count += 1;
      const small = run.append({ type: 'run.resumed' });
      const text = readFileSync(run.dir + '/journal.ndjson', 'utf8');
      const again = store.openRun(run).value;
      console.log(JSON.stringify({ count, error: last.error, small: small.ok, whole: text.endsWith('}\\n'), notes: again.notes, events: again.events.length }));`;
    // A mount namespace of its own: the tiny disk is gone with the process, whatever happens.
    const ran = spawnSync(
      'unshare',
      [
        '-rm',
        'sh',
        '-c',
        'mount -t tmpfs -o size=256k tmpfs "$1" && exec "$2" --input-type=module -e "$3" "$1"',
        '-',
        project,
        process.execPath,
        code,
      ],
      { encoding: 'utf8' },
    );
    expect(ran.stderr).toBe('');
    const seen = JSON.parse(ran.stdout) as Record<string, unknown>;
    expect(seen).toMatchObject({ whole: true, notes: [] });
    expect(seen['error']).toMatchObject({
      what: 'The disk is full (ENOSPC): the journal of the run cannot be written.',
      where: join(project, '.factory', 'runs', spec, 'r1', 'journal.ndjson'),
    });
    expect(Number(seen['count'])).toBeGreaterThan(5);
    expect(seen['events']).toBe(Number(seen['count']) + Number(seen['small']));
  });
});
