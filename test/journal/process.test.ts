import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  dropDecision,
  lockHolder,
  lockSpec,
  openStore,
  takeDecisions,
  waitingDecisions,
} from '../../src/journal/index.ts';
import { unitId } from '../../src/domain/index.ts';
import { builtJournal } from './built.ts';
import { clock, noted, owner, problem, tempDir, value } from './rig.ts';

const spec = '001-locks';
const built = mkdtempSync(join(tmpdir(), 'journal-built-'));
afterAll(() => rmSync(built, { recursive: true, force: true }));
const journal = builtJournal(built);

/** A process that does as its code says and then waits to be killed; `lines` are what it prints. */
function child(code: string, ...args: string[]) {
  const started = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import * as journal from ${JSON.stringify(journal)};\n${code}`,
      ...args,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(async () => {
    if (started.exitCode !== null || started.signalCode !== null) return;
    started.kill('SIGKILL');
    await once(started, 'exit');
  });
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  return {
    pid: started.pid ?? 0,
    stdin: started.stdin,
    line: async () => String((await lines.next()).value),
    kill: async () => {
      started.kill('SIGKILL');
      await once(started, 'exit');
    },
    ended: () => once(started, 'exit'),
  };
}

const takeLock = `
  const [project] = process.argv.slice(1);
  const owner = { pid: process.pid, host: 'here', started: 'then', command: 'run' };
  const got = await journal.lockSpec(project, '${spec}', owner);
  console.log(got.ok ? 'held' : got.error.what);
  setInterval(() => {}, 1000);`;

describe('the lock of a spec', () => {
  it('turns a second run away and says who holds it', async () => {
    const project = tempDir();
    const holder = child(takeLock, project);
    expect(await holder.line()).toBe('held');
    const refused = problem(await lockSpec(project, spec, owner(process.pid)));
    expect(refused.what).toBe(
      `Another run is at work on this spec: process ${String(holder.pid)} on here, started then (run).`,
    );
    expect(refused.remedy).toContain(`kill ${String(holder.pid)}`);
    expect(value(await lockHolder(project, spec))?.pid).toBe(holder.pid);
    const other = value(await lockSpec(project, '002-other', owner(process.pid)));
    other.release();
  });

  it('is free the moment its owner was killed', async () => {
    const project = tempDir();
    const holder = child(takeLock, project);
    expect(await holder.line()).toBe('held');
    await holder.kill();
    expect(value(await lockHolder(project, spec))).toBeNull();
    const lock = value(await lockSpec(project, spec, owner(process.pid)));
    expect(value(await lockHolder(project, spec))).toEqual(owner(process.pid));
    lock.release();
    lock.release();
    expect(value(await lockHolder(project, spec))).toBeNull();
  });

  it('is not kept by children that outlive a killed owner', async () => {
    const project = tempDir();
    const holder = child(
      `import { spawn } from 'node:child_process';${takeLock}
       const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
       console.log(orphan.pid);`,
      project,
    );
    expect(await holder.line()).toBe('held');
    const orphan = Number(await holder.line());
    onTestFinished(() => void process.kill(orphan, 'SIGKILL'));
    await holder.kill();
    expect(process.kill(orphan, 0)).toBe(true);
    value(await lockSpec(project, spec, owner(process.pid))).release();
  });

  it('goes to exactly one of several that race for what a killed owner left', async () => {
    const project = tempDir();
    const holder = child(takeLock, project);
    await holder.line();
    const race = `await new Promise((go) => process.stdin.once('data', go));${takeLock}`;
    const racers = [1, 2, 3, 4].map(() => child(race, project));
    await holder.kill();
    for (const racer of racers) racer.stdin.write('go\n');
    const answers = await Promise.all(racers.map((racer) => racer.line()));
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('Another run is at work'))).toHaveLength(3);
  });

  it.each([
    [
      'a process id that somebody else has now',
      { ...owner(process.pid), started: '2020-01-01T00:00:00.000Z' },
    ],
    ['another host', { ...owner(1), host: `not-${hostname()}` }],
  ])('is not held by a note of %s', async (_, stale) => {
    const project = tempDir();
    mkdirSync(join(project, '.factory', 'locks'), { recursive: true });
    writeFileSync(join(project, '.factory', 'locks', `${spec}.lock`), '');
    writeFileSync(join(project, '.factory', 'locks', `${spec}.json`), JSON.stringify(stale));
    expect(value(await lockHolder(project, spec))).toBeNull();
    value(await lockSpec(project, spec, owner(process.pid))).release();
  });

  it('is held even when its note is garbage', async () => {
    const project = tempDir();
    const lock = value(await lockSpec(project, spec, owner(process.pid)));
    writeFileSync(join(project, '.factory', 'locks', `${spec}.json`), '{');
    expect(problem(await lockSpec(project, spec, owner(process.pid))).what).toContain('on unknown');
    lock.release();
  });

  it('asks without leaving a trace', async () => {
    const project = tempDir();
    expect(value(await lockHolder(project, spec))).toBeNull();
    expect(() => readFileSync(join(project, '.factory', '.gitignore'))).toThrow('ENOENT');
  });
});

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
    const code = `import * as journal from ${JSON.stringify(journal)};
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

describe('the inbox', () => {
  const skip = { subject: unitId('api'), decision: { kind: 'skip' } } as const;

  it('keeps the order, and each decision until it is journalled', () => {
    const dir = tempDir();
    const start = {
      subject: 'service',
      decision: { kind: 'start', command: 'npm start', port: 3000 },
    } as const;
    value(dropDecision(dir, skip));
    value(dropDecision(dir, start));
    const first = value(takeDecisions(dir));
    expect(first.taken).toMatchObject([skip, start]);
    first.taken[0]?.done();
    value(dropDecision(dir, skip));
    const second = value(takeDecisions(dir));
    expect(second.taken).toMatchObject([start, skip]);
    for (const item of second.taken) item.done();
    expect(value(takeDecisions(dir))).toEqual({ taken: [], notes: [] });
  });

  it('goes by the last word about a subject, which takes the place of the one before', () => {
    const dir = tempDir();
    const abort = { subject: unitId('api'), decision: { kind: 'abort' } } as const;
    const other = { subject: unitId('web'), decision: { kind: 'skip' } } as const;
    expect(value(dropDecision(dir, skip)).replaced).toBeNull();
    expect(value(dropDecision(dir, other)).replaced).toBeNull();
    const early = value(takeDecisions(dir));
    expect(value(dropDecision(dir, abort)).replaced).toEqual({ kind: 'skip' });
    expect(value(waitingDecisions(dir))).toEqual([other, abort]);
    // Taken before it was replaced: what came later stays.
    for (const item of early.taken) item.done();
    expect(value(waitingDecisions(dir))).toEqual([abort]);
    // Both are there for a moment, or after a crash.
    writeFileSync(join(dir, 'inbox', '2.json'), JSON.stringify(skip));
    const { taken } = value(takeDecisions(dir));
    expect(taken).toMatchObject([abort]);
    taken[0]?.done();
    expect(readdirSync(join(dir, 'inbox'))).toEqual([]);
  });

  it('is empty before anything was dropped', () => {
    expect(value(takeDecisions(tempDir()))).toEqual({ taken: [], notes: [] });
  });

  it('sets aside what it cannot understand, once', () => {
    const dir = tempDir();
    value(dropDecision(dir, skip));
    writeFileSync(join(dir, 'inbox', '2.json'), '{"subject":"api","decision":{"kind":"dance"}}');
    writeFileSync(join(dir, 'inbox', '3.json'), '{');
    const seen = value(takeDecisions(dir));
    expect(seen.taken).toHaveLength(1);
    expect(seen.notes).toHaveLength(2);
    expect(seen.notes[0]).toContain('2.json.malformed');
    expect(value(takeDecisions(dir)).notes).toEqual([]);
  });

  it('loses none when several terminals decide at once', async () => {
    const dir = tempDir();
    const drop = `for (let i = 0; i < 20; i += 1) for (const subject of ['u' + i, 'u' + process.pid + '-' + i]) journal.dropDecision(process.argv[1], { subject, decision: { kind: 'skip' } });`;
    const writers = [child(drop, dir), child(drop, dir)];
    await Promise.all(writers.map((writer) => writer.ended()));
    // Of what both decide, one stays.
    expect(value(takeDecisions(dir)).taken).toHaveLength(60);
  });
});
