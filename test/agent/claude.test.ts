import { describe, expect, test } from 'vitest';
import { author, player } from './desk.ts';

const play = player('claude');

describe('how a run of claude ends', () => {
  test('success: usage and cost as the program reports them', async () => {
    expect(await play('success')).toEqual({
      ok: true,
      value: {
        report: {
          agent: 'claude',
          outcome: 'ok',
          usage: { costUsd: 0.25, inputTokens: 17, outputTokens: 20 },
          ms: expect.any(Number),
          transcript: 'transcripts/api.1.log',
        },
        output: null,
        text: 'done',
      },
    });
  });

  test('a structured answer comes back as data', async () => {
    expect(await play('structured answer', author)).toMatchObject({
      ok: true,
      value: { output: { checks: ['a'] } },
    });
  });

  test.each([
    ['too many turns', 'cap of turns'],
    ['too dear', 'cap of cost'],
  ])('%s: the work of a coder is kept, an author has no answer', async (scene, detail) => {
    expect(await play(scene)).toMatchObject({ ok: true, value: { report: { outcome: 'limit' } } });
    expect(await play(scene, author)).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining(detail), agent: { outcome: 'limit' } },
    });
  });

  test.each([
    ['no result', 'no_result', 'without a result'],
    ['no turn', 'no_result', 'no turn'],
    ['not json', 'no_result', 'without a result'],
    ['crash in the middle', 'agent_error', 'error_during_execution'],
    ['retries for ever', 'api_error', '529'],
    ['rate limit', 'api_error', '429 (rate limit until 2030-03-17T17:46:40.000Z)'],
  ])('%s is %s, whatever the exit code', async (scene, outcome, detail) => {
    expect(await play(scene)).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining(detail), agent: { outcome } },
    });
  });

  test('success without the structured answer that was asked for is bad_schema', async () => {
    expect(await play('no structured answer', author)).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'bad_schema', usage: { costUsd: 0.25 } }, answer: 'done' },
    });
  });

  test('a refused key: one clean line, the key itself blacked out, the cost counted', async () => {
    const run = await play('unauthorised');
    expect(run).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'api_error', usage: { costUsd: 0.25 } } },
    });
    expect(!run.ok && run.error.detail).toBe(
      'code agent for api, run 1 (claude): the model API failed 401: Invalid key [redacted] (transcript: transcripts/api.1.log)',
    );
  });

  test('a result is the end: a process that lingers is stopped and the result counts', async () => {
    expect(await play('result, then lingers')).toMatchObject({
      ok: true,
      value: { report: { outcome: 'ok' } },
    });
  });
});
