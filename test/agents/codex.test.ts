import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { probe } from '../../src/agent/index.ts';
import { TURN_TOKENS } from '../rig/model-server.ts';
import type { Script } from '../rig/model-server.ts';
import { startResponsesServer } from '../rig/responses-server.ts';
import { AUTHOR, deskOf, turns, use } from './desk.ts';

const CODEX = fileURLToPath(new URL('node_modules/.bin/codex', import.meta.url));
// A model whose tools the program offers by their own names, so that a script can call them.
const CHOICE = { kind: 'codex', model: 'gpt-5.5' } as const;
const bash = (cmd: string) => use({ name: 'exec_command', input: { cmd } });
const add = (file: string, line: string) => ({
  name: 'apply_patch',
  input: `*** Begin Patch\n*** Add File: ${file}\n+${line}\n*** End Patch`,
});

/** A real `codex` in a temporary project, its model the script. */
async function desk(script: Script) {
  const server = await startResponsesServer(script);
  return deskOf({ choice: CHOICE, server, environment: environmentFor(server.url), caps: CAPS });
}

const CAPS = { idleMs: 60_000, wallMs: 90_000, turns: null, costUsd: null };

/** An environment in which `codex` is the one that package.json pins, found in `bin`, and its model is the server at `url`. */
const environmentFor = (url: string) => (bin: string) => {
  symlinkSync(CODEX, join(bin, 'codex'));
  return {
    PATH: `${bin}:${process.env['PATH']}`,
    OPENAI_BASE_URL: url,
    OPENAI_API_KEY: 'sk-test-not-real',
  };
};

describe('codex as code agent', () => {
  test('does the work, knows the project’s instructions, reports what it used', async () => {
    const { at, put, run, sent } = await desk(
      turns(
        use(add('src/a.js', 'export {};')),
        bash('cat src/a.js > b.js && echo "home: $HOME, key: $OPENAI_API_KEY."'),
      ),
    );
    await put('project/work/CLAUDE.md', 'INSTRUCTIONS-TEXT');
    expect(await run({ instructionsFile: at('project/work/CLAUDE.md') })).toMatchObject({
      ok: true,
      value: {
        report: {
          agent: 'codex:gpt-5.5',
          outcome: 'ok',
          usage: {
            costUsd: null,
            inputTokens: 3 * TURN_TOKENS.input,
            outputTokens: 3 * TURN_TOKENS.output,
          },
        },
        text: 'done',
      },
    });
    expect(await readFile(at('project/work/b.js'), 'utf8')).toBe('export {};\n');
    expect(sent()).toHaveLength(3);
    expect(sent()[0]?.prompt).toContain('PROMPT-TEXT');
    expect(sent()[0]?.headers.authorization).toBe('Bearer sk-test-not-real');
    expect(sent()[0]?.sent).toContain('INSTRUCTIONS-TEXT');
    // The key is for the program, not for what its model runs.
    expect(sent()[2]?.sent).toContain(`home: ${at('home')}, key: .`);
    expect(sent().filter((request) => request.sent.includes('UNIT-ID'))).toEqual([]);
    expect(await readFile(at('run/transcript.ndjson'), 'utf8')).toContain('turn.completed');
  });

  test('nothing of the project configures it, and it does not write beside its directory', async () => {
    const { at, put, run, sent } = await desk(
      turns(bash('touch inside; touch ../outside; true'), use(add('../patched', 'x'))),
    );
    const touch = `"touch", "${at('hooked')}"`;
    for (const place of ['project', 'project/work']) {
      await put(
        `${place}/.codex/config.toml`,
        `notify = [${touch}]\ndeveloper_instructions = "LEAK"\n[mcp_servers.x]\ncommand = "touch"\nargs = ["${at('hooked')}"]\n`,
      );
      await put(`${place}/.agents/skills/s/SKILL.md`, '---\nname: s\ndescription: LEAK\n---\nLEAK');
      await put(`${place}/AGENTS.md`, 'LEAK');
    }
    expect(await run()).toMatchObject({ ok: true });
    expect(existsSync(at('project/work/inside'))).toBe(true);
    for (const name of ['hooked', 'project/outside', 'project/patched'])
      expect([name, existsSync(at(name))]).toEqual([name, false]);
    expect(JSON.stringify(sent())).not.toContain('LEAK');
  });

  test.each([401, 429, 500])('status %i of the model API is api_error', async (status) => {
    const { run } = await desk(() => ({ status }));
    const words = status === 500 ? 'failed: .*high demand' : `failed ${status}`;
    expect(await run()).toMatchObject({
      ok: false,
      error: {
        detail: expect.stringMatching(new RegExp(`model API ${words}`)),
        agent: { outcome: 'api_error', usage: { costUsd: null, inputTokens: null } },
      },
    });
  });

  test('no server is api_error and not a wait without end', async () => {
    const { run, environment } = await desk(turns());
    const nobody = { ...environment, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
    expect(await run({ environment: nobody })).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'api_error' } },
    });
  });

  test('a model that never answers: silence ends it, and so does the signal of the run', async () => {
    const { run } = await desk(() => ({ hang: true }));
    const caps = { idleMs: 3000, wallMs: 90_000, turns: null, costUsd: null };
    expect(await run({ caps })).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'killed', usage: { inputTokens: null } } },
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1500);
    expect(await run({}, stop.signal)).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'killed' } },
    });
  });

  test('shells it left behind end with it', async () => {
    // A process is found by its words: in a sandbox of its own it has another number than outside.
    const long = `${600_000 + process.pid}.25`;
    const { at, run } = await desk(
      turns(bash(`setsid sh -c 'touch left; exec sleep ${long}' > /dev/null 2>&1 & sleep 1`)),
    );
    expect(await run()).toMatchObject({ ok: true });
    expect(existsSync(at('project/work/left'))).toBe(true);
    const running = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => wordsOf(pid));
    expect(running.some((words) => words.includes(process.execPath))).toBe(true);
    expect(running.filter((words) => words.includes(long))).toEqual([]);
  });
});

function wordsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

describe('codex as check author', () => {
  test('answers in the shape asked for; it has no tool that looks at anything', async () => {
    const secret = 'SECRET-IN-A-FILE';
    const { at, put, run, sent } = await desk(({ turn }) =>
      turn === 0
        ? use(
            { name: 'exec_command', input: { cmd: 'cat secret.txt ../CLAUDE.md' } },
            { name: 'shell', input: { command: ['cat', 'secret.txt'] } },
            { name: 'view_image', input: { path: 'secret.txt' } },
            { name: 'exec', input: 'text(1)' },
            add('written.txt', 'x'),
          )
        : { say: '{"checks":["one"]}' },
    );
    await put('project/CLAUDE.md', secret);
    await put('project/work/AGENTS.md', secret);
    await put('project/work/secret.txt', secret);
    expect(await run({ ...AUTHOR, instructionsFile: at('project/CLAUDE.md') })).toMatchObject({
      ok: true,
      value: { output: { checks: ['one'] }, report: { outcome: 'ok' } },
    });
    expect(sent()).toHaveLength(2);
    expect(sent()[0]?.prompt).toContain('PROMPT-TEXT');
    expect(JSON.stringify(sent())).not.toContain(secret);
    expect(existsSync(at('project/work/written.txt'))).toBe(false);
    expect(sent()[0]?.tools.toSorted()).toEqual(['apply_patch', 'request_user_input']);
    expect(sent()[0]?.format).toMatchObject({
      type: 'json_schema',
      schema: { required: ['checks'] },
    });
  });

  test.each(['done', '{"cheques":1}'])('one that answers %s is bad_schema', async (say) => {
    const { run } = await desk(() => ({ say }));
    expect(await run(AUTHOR)).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'bad_schema' } },
    });
  });
});

test('codex tells its version', async () => {
  const { environment } = await desk(turns());
  expect(await probe(CHOICE, environment)).toMatchObject({
    ok: true,
    value: { version: expect.stringMatching(/^codex-cli \d/), credential: 'OPENAI_API_KEY' },
  });
});
