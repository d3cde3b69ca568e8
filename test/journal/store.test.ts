import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOver, openStore } from '../../src/journal/index.ts';
import { clock, coded, noted, problem, tempDir, value } from './rig.ts';

const spec = '001-über die Brücke';

function started(count: number) {
  const project = tempDir();
  const store = openStore(project, clock());
  const run = value(store.createRun(spec, 'r1'));
  for (let i = 1; i <= count; i += 1) value(run.append(noted(`note ${String(i)}`)));
  run.close();
  const file = join(run.dir, 'journal.ndjson');
  return { project, store, run, file };
}

describe('a run on disk', () => {
  it('stamps events, one line each, and replays what was appended', () => {
    const { store, run, file } = started(0);
    const again = value(store.openRun(run));
    const first = value(again.append(noted('line\nbreak \u{1f680} \u2028')));
    const second = value(again.append(coded('api')));
    again.close();
    expect(first).toEqual({
      seq: 1,
      at: '2026-01-02T03:04:05.000Z',
      run: 'r1',
      type: 'run.noted',
      message: 'line\nbreak \u{1f680} \u2028',
    });
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
    expect(value(store.readRun(run)).events).toEqual([first, second]);
  });

  it('goes on counting after it was opened again', () => {
    const { store, run } = started(2);
    const again = value(store.openRun(run));
    expect(value(again.append(noted('three'))).seq).toBe(3);
    again.close();
    expect(value(store.readRun(run)).events.map((event) => event.seq)).toEqual([1, 2, 3]);
  });

  it('is ignored by git without the project knowing', () => {
    const { project } = started(1);
    execFileSync('git', ['init', '-q', project]);
    expect(execFileSync('git', ['status', '--porcelain'], { cwd: project, encoding: 'utf8' })).toBe(
      '',
    );
  });

  it('creates nothing until a run is created', () => {
    const project = tempDir();
    const store = openStore(project, clock());
    expect(value(store.runs(spec))).toEqual([]);
    expect(value(store.lastRun(spec))).toBeNull();
    expect(execFileSync('ls', ['-A', project], { encoding: 'utf8' })).toBe('');
  });

  it('lists the newest run first, by when it began and not by its name', () => {
    const project = tempDir();
    const store = openStore(project, clock());
    for (const id of ['zebra', 'apple', 'mango']) {
      const run = value(store.createRun(spec, id));
      value(run.append(noted('x')));
      run.close();
    }
    expect(value(store.runs(spec)).map((run) => run.id)).toEqual(['mango', 'apple', 'zebra']);
    expect(value(store.lastRun(spec))?.id).toBe('mango');
    expect(value(store.runs('002-other'))).toEqual([]);
  });

  it('refuses a second run of the same id', () => {
    const { store } = started(1);
    expect(problem(store.createRun(spec, 'r1')).what).toContain('EEXIST');
  });

  it('continues in a copied folder of another name', () => {
    const { store, run } = started(2);
    const copy = { id: 'copy', dir: join(run.dir, '..', 'copy') };
    cpSync(run.dir, copy.dir, { recursive: true });
    const again = value(store.openRun(copy));
    expect(value(again.append(noted('x')))).toMatchObject({ run: 'r1', seq: 3 });
    again.close();
    expect(value(store.readRun(copy)).events).toHaveLength(3);
  });

  it('throws on a fact that could not be read again: that is our own bug', () => {
    const { store, run, file } = started(1);
    const before = readFileSync(file, 'utf8');
    const again = value(store.openRun(run));
    expect(() => again.append({ type: 'group.started', group: 1.5 })).toThrow('Internal error');
    again.close();
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('is over after run.finished only', () => {
    const { store, run } = started(1);
    const again = value(store.openRun(run));
    expect(isOver(again.events)).toBe(false);
    value(again.append({ type: 'run.finished', status: 'failed' }));
    again.close();
    expect(isOver(value(store.readRun(run)).events)).toBe(true);
  });
});

describe('a damaged journal', () => {
  it.each([
    ['half a line', '{"seq":3,"at":"2026'],
    [
      'a whole event without its newline',
      '{"seq":3,"at":"2026-01-02T03:04:05.000Z","run":"r1","type":"run.resumed"}',
    ],
    ['a line that is not JSON', '{"seq":3,"at"\n'],
    ['zeros left by a power cut', '\0'.repeat(64)],
    ['half a character', Buffer.from([0x7b, 0xf0, 0x9f])],
  ])('with a torn end (%s) is cut on open, with a note, and goes on', (_, end) => {
    const { store, run, file } = started(2);
    const whole = readFileSync(file);
    appendFileSync(file, end);
    const again = value(store.openRun(run));
    expect(again.notes).toEqual([
      `The journal's last line was cut short by a crash: ${String(Buffer.byteLength(end))} bytes left out after event 2.`,
    ]);
    expect(readFileSync(file)).toEqual(whole);
    value(again.append(noted('after')));
    again.close();
    expect(value(store.openRun(run)).events).toHaveLength(3);
  });

  it('is not touched by somebody who only reads', () => {
    const { store, run, file } = started(2);
    appendFileSync(file, '{"seq":3');
    expect(value(store.readRun(run)).events).toHaveLength(2);
    expect(readFileSync(file, 'utf8').endsWith('{"seq":3')).toBe(true);
  });

  it.each([
    ['garbage', 'garbage', 'it is not JSON'],
    [
      'a gap',
      '{"seq":7,"at":"t","run":"r1","type":"run.resumed"}',
      'it should be event 2, but says seq 7',
    ],
    [
      'another run',
      '{"seq":2,"at":"t","run":"r9","type":"run.resumed"}',
      'it belongs to run r9, not r1',
    ],
    [
      'an unknown type',
      '{"seq":2,"at":"t","run":"r1","type":"run.teleported"}',
      '"run.teleported" is no event this version knows',
    ],
    [
      'a bad field',
      '{"seq":2,"at":"t","run":"r1","type":"group.started","group":"x"}',
      '(group: Invalid input: expected number',
    ],
    ['an empty line', '', 'it is not JSON'],
    ['a number', '2', 'it is not an event'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe]), 'it is not UTF-8 text'],
  ])('in the middle (%s) names file, line and a way out', (_, line, detail) => {
    const { store, run, file } = started(3);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(
      file,
      Buffer.concat([
        Buffer.from(`${lines[0] ?? ''}\n`),
        Buffer.from(line),
        Buffer.from(`\n${lines[2] ?? ''}\n`),
      ]),
    );
    const found = problem(store.openRun(run));
    expect(found.where).toBe(`${file}:2`);
    expect(found.what).toContain(detail);
    expect(found.remedy).toContain('Restore the file');
  });

  it('that is missing is a problem, not a crash', () => {
    const { store, run, file } = started(1);
    rmSync(file);
    expect(problem(store.openRun(run)).what).toContain('ENOENT');
  });
});

describe('a journal that is disturbed while it is written', () => {
  it('says so when it was deleted', () => {
    const { store, run, project } = started(1);
    const again = value(store.openRun(run));
    rmSync(join(project, '.factory'), { recursive: true });
    expect(problem(again.append(noted('x'))).what).toContain(
      'was deleted while the run was going on',
    );
    again.close();
  });

  it('says so when somebody else wrote', () => {
    const { store, run, file } = started(1);
    const again = value(store.openRun(run));
    appendFileSync(file, 'x');
    expect(problem(again.append(noted('x'))).what).toContain('changed by somebody else');
    again.close();
  });
});
