import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runAgent } from '../../src/agent/index.ts';
import { briefing, calm, CHECKS_SCHEMA, choice, desk, fakeAgent } from './desk.ts';

const UNKNOWN = { costUsd: null, inputTokens: null, outputTokens: null };
const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const author = { role: 'author', schema: CHECKS_SCHEMA } as const;

describe('any program as an agent', () => {
  test('works in its directory on the prompt from stdin; what it cost is unknown', async () => {
    const { request, cwd, transcript } = await desk();
    const prompt = 'Build it: ü\n'.repeat(100_000);
    const run = await runAgent(fakeAgent('writes'), request({ briefing: briefing(prompt) }), calm);
    expect(run).toMatchObject({ ok: true, value: { report: { outcome: 'ok', usage: UNKNOWN } } });
    expect(await readFile(join(cwd, 'prompt.txt'), 'utf8')).toBe(prompt);
    expect(await transcript()).toBe('{"stdout":"done"}\n');
  });

  test('as check author it prints the JSON', async () => {
    const { request } = await desk();
    expect(await runAgent(fakeAgent('json'), request(author), calm)).toMatchObject({
      ok: true,
      value: { output: { checks: ['one'] }, text: null },
    });
  });

  test('an answer that is not as asked is handed on with the failure, for a more lenient reader', async () => {
    const { request } = await desk();
    expect(await runAgent(fakeAgent('prose'), request(author), calm)).toMatchObject({
      ok: false,
      error: { answer: 'Here are the checks you asked for, SECRET-PROSE\n' },
    });
    expect(await runAgent(fakeAgent('misshapen'), request(author), calm)).toMatchObject({
      ok: false,
      error: { answer: { cheques: [] } },
    });
  });

  test('one that does not read its prompt is no fault of the run', async () => {
    const { request } = await desk();
    const unread = { briefing: briefing('x'.repeat(1_000_000)) };
    const run = await runAgent(fakeAgent('ignores-stdin'), request(unread), calm);
    expect(run).toMatchObject({ ok: true });
  });

  test.each([
    ['prose', author, 'bad_schema', 'not JSON'],
    ['misshapen', author, 'bad_schema', 'not usable'],
    ['binary', author, 'bad_schema', 'not JSON'],
    ['fails', {}, 'agent_error', 'exited with code 3: no credit is left (transcript: transcripts/'],
    ['dies', {}, 'killed', 'SIGSEGV'],
    [
      'hangs',
      { caps: { idleMs: 300, wallMs: 60_000, turns: null, costUsd: null } },
      'killed',
      'silent',
    ],
    [
      'hangs',
      { caps: { idleMs: 60_000, wallMs: 300, turns: null, costUsd: null } },
      'killed',
      'longer',
    ],
  ])('%s: %o is %s', async (scene, more, outcome, detail) => {
    const { request } = await desk();
    const run = await runAgent(fakeAgent(scene), request(more), calm);
    expect(run).toMatchObject({
      ok: false,
      error: {
        detail: expect.stringContaining(detail),
        agent: { outcome, usage: UNKNOWN, transcript: 'transcripts/api.1.log' },
      },
    });
    expect(!run.ok && run.error.detail).not.toContain('SECRET-PROSE');
  });

  test('a flood is stopped long before 1 GB and leaves a bounded transcript', async () => {
    const { request, transcript } = await desk();
    const run = await runAgent(fakeAgent('floods'), request(), calm);
    expect(run).toMatchObject({ ok: false, error: { agent: { outcome: 'killed' } } });
    expect((await transcript()).length).toBeLessThan(100 * 1024 * 1024);
  });

  test('invalid UTF-8 does not stop a coder', async () => {
    const { request, transcript } = await desk();
    expect(await runAgent(fakeAgent('binary'), request(), calm)).toMatchObject({ ok: true });
    expect(await transcript()).toContain('\uFFFD');
  });

  test('it is stopped by the signal of the run', async () => {
    const { request } = await desk();
    const stop = new AbortController();
    const run = runAgent(fakeAgent('hangs'), request(), stop.signal);
    setTimeout(() => stop.abort(), 100);
    expect(await run).toMatchObject({ ok: false, error: { agent: { outcome: 'killed' } } });
  });

  test('a program that is not there', async () => {
    const { request } = await desk();
    expect(await runAgent(choice('command:no-such-agent'), request(), calm)).toMatchObject({
      ok: false,
      error: {
        detail: expect.stringContaining('there is no program no-such-agent on the PATH'),
        agent: { outcome: 'agent_error' },
      },
    });
  });

  test('credentials it prints do not reach the transcript', async () => {
    const { request, transcript } = await desk();
    await runAgent(fakeAgent('secret'), request(), calm);
    expect((await transcript()).split('\n').sort()).toEqual([
      '',
      '{"stderr":"again: [redacted]"}',
      '{"stdout":"the key is [redacted]"}',
    ]);
  });

  test('nor what it hands back as its words', async () => {
    const { request } = await desk();
    const run = await runAgent(fakeAgent('secret'), request({ role: 'evaluator' }), calm);
    expect(run).toMatchObject({ ok: true, value: { text: 'the key is [redacted]\n' } });
  });

  test('every line of its transcript is a JSON object, whatever it prints', async () => {
    const { request, transcript } = await desk();
    await runAgent(fakeAgent('mixed'), request(), calm);
    const lines = (await transcript()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown).sort(byText)).toEqual(
      [
        { type: 'object', is: 'kept' },
        { stdout: '{ no object' },
        { stdout: '["nor", "this"]' },
        { stdout: '' },
        { stderr: '{"a":"warning"}' },
      ].sort(byText),
    );
  });

  test('its environment is the allow-list and nothing else', async () => {
    const { request } = await desk();
    const run = await runAgent(fakeAgent('environment'), request(author), calm);
    const names = run.ok ? (run.value.output as { checks: string[] }).checks : [];
    expect(names).toEqual(expect.arrayContaining(['ANTHROPIC_API_KEY', 'HOME', 'PATH']));
    expect(names.filter((name) => /CLAUDE|SOMETHING/.test(name))).toEqual([]);
  });

  test('no place for HOME or transcript is a failure of infrastructure', async () => {
    const { request, dir } = await desk();
    await writeFile(join(dir, 'run'), 'a file where the run folder should be');
    const run = await runAgent(fakeAgent('writes'), request(), calm);
    expect(run).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining('no place to work') },
    });
    expect(!run.ok && run.error.agent).toBeUndefined();
  });
});
