import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { adapterFor, runAgent } from '../../src/agent/index.ts';
import type { AgentRequest } from '../../src/agent/index.ts';
import { own } from '../../src/barrier/sandbox/index.ts';
import { behindWall, sandbox } from '../rig/sandbox.ts';
import { author, briefing, calm, choice, desk, player } from './desk.ts';

const codex = adapterFor(choice('codex:gpt-5.5'));

const play = player('codex');

async function planned(more: Partial<AgentRequest> = {}) {
  const { request } = await desk();
  const plan = codex.plan(request(more));
  const file = (name: string) => plan.homeFiles.find(({ path }) => path === name)?.content ?? '';
  return { ...plan, file, config: parse(file('.codex/config.toml')) };
}

describe('the plan of codex', () => {
  test('for a coder', async () => {
    const { argv, config } = await planned({ instructionsFile: '/w/CLAUDE.md' });
    expect(argv).toMatchInlineSnapshot(`
      [
        "codex",
        "exec",
        "--json",
        "--ephemeral",
        "--ignore-rules",
        "--skip-git-repo-check",
        "--sandbox",
        "workspace-write",
        "--model",
        "gpt-5.5",
        "-",
      ]
    `);
    expect(config).toMatchObject({
      approval_policy: 'never',
      project_doc_fallback_filenames: ['CLAUDE.md'],
      model_providers: { factory: { env_key: 'OPENAI_API_KEY' } },
    });
  });

  test('for a check author: no tool, no instructions of the project, a schema without $schema', async () => {
    const { argv, config, file } = await planned({ ...author, instructionsFile: '/w/CLAUDE.md' });
    expect(argv[argv.indexOf('--sandbox') + 1]).toBe('read-only');
    expect(config).toMatchObject({
      project_doc_max_bytes: 0,
      features: { shell_tool: false, unified_exec: false, code_mode_host: false },
    });
    expect(file('answer.schema.json')).toContain('"required":["checks"]');
    expect(file('answer.schema.json')).not.toContain('json-schema.org');
  });

  test('its own sandbox is off inside ours, where it could not start', async () => {
    const enclose = () => {
      throw new Error('a plan starts nothing');
    };
    const { argv } = await planned({ sandbox: { kind: 'bwrap', enclose } });
    expect(argv[argv.indexOf('--sandbox') + 1]).toBe('danger-full-access');
  });

  test("OpenAI's key and address go along, no other credential and no login", async () => {
    const { request } = await desk();
    const { env, config } = await planned({
      environment: {
        ...request().environment,
        OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
        CODEX_HOME: '/home/somebody/.codex',
      },
    });
    expect(env).toMatchObject({ OPENAI_API_KEY: 'sk-87654321' });
    expect(env).not.toHaveProperty('ANTHROPIC_API_KEY');
    expect(env).not.toHaveProperty('CODEX_HOME');
    expect(config).toMatchObject({
      model_providers: { factory: { base_url: 'http://127.0.0.1:1/v1' } },
    });
  });
});

describe('how a run of codex ends', () => {
  test('success: its last words, tokens as it reports them, a cost that nobody knows', async () => {
    expect(await play('success')).toMatchObject({
      ok: true,
      value: {
        report: {
          agent: 'codex',
          outcome: 'ok',
          usage: { costUsd: null, inputTokens: 10, outputTokens: 20 },
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
    ['another shape', { cheques: 1 }],
    ['success', 'done'],
    ['silence', undefined],
  ])('%s instead of the answer asked for is bad_schema', async (scene, answer) => {
    const run = await play(scene, author);
    expect(run).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'bad_schema', usage: { inputTokens: 10 } } },
    });
    expect(!run.ok && (run.error.answer ?? undefined)).toEqual(answer);
  });

  test.each([
    ['no result', 'no_result', 'without a result'],
    ['not json', 'no_result', 'without a result'],
    ['crash', 'agent_error', 'exited with code 101'],
    ['rate limit', 'api_error', '429'],
    ['overloaded', 'api_error', 'high demand'],
    ['reconnects for ever', 'api_error', '503'],
  ])('%s is %s', async (scene, outcome, detail) => {
    expect(await play(scene)).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining(detail), agent: { outcome } },
    });
  });

  test('a refused key: one clean line, the key itself blacked out', async () => {
    const run = await play('unauthorised');
    expect(!run.ok && run.error.detail).toBe(
      'code agent for api, run 1 (codex): the model API failed 401: unexpected status 401 Unauthorized: bad key [redacted], url: http://x/ (transcript: transcripts/api.1.log)',
    );
  });

  test('at the end of its context the work of a coder is kept, an author has no answer', async () => {
    expect(await play('full context')).toMatchObject({
      ok: true,
      value: { report: { outcome: 'limit' } },
    });
    expect(await play('full context', author)).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'limit' } },
    });
  });
});

behindWall('codex in a sandbox', () => {
  test('owns its settings, whoever it is inside: it keeps its state beside them', async () => {
    const { cwd, request } = await desk();
    const program = fileURLToPath(new URL('../fixtures/agent/fake-codex.mjs', import.meta.url));
    const asked = request({ briefing: briefing('success'), program, sandbox });
    await mkdir(asked.home);
    await own(sandbox, [asked.home, cwd]);
    const view = { ...asked.view, read: [program] };
    expect(await runAgent(choice('codex'), { ...asked, view }, calm)).toMatchObject({ ok: true });
  });
});
