import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { probe } from '../../src/agent/index.ts';
import { alive } from '../process/alive.ts';
import { startModelServer, TURN_TOKENS } from '../rig/model-server.ts';
import type { Script } from '../rig/model-server.ts';
import { CLAUDES, environmentOf } from './claudes.ts';
import type { Claude } from './claudes.ts';
import { AUTHOR, deskOf, turns, use } from './desk.ts';

const CHOICE = { kind: 'claude', model: null } as const;
const bash = (command: string) => use({ name: 'Bash', input: { command, description: 'a step' } });

/** A real `claude` in a temporary project, its model the script. */
async function desk(claude: Claude, script: Script) {
  const server = await startModelServer(script);
  return deskOf({
    choice: CHOICE,
    server,
    environment: (bin) => environmentOf(claude, { bin, url: server.url }),
    caps: { idleMs: 60_000, wallMs: 90_000, turns: 5, costUsd: 1 },
  });
}

describe.each(CLAUDES)('claude ($version) as code agent', (claude) => {
  test('does the work, knows the instructions handed over, reports what it used', async () => {
    const { at, put, run, sent } = await desk(
      claude,
      turns(
        use({ name: 'Write', input: { file_path: 'src/a.js', content: 'export {};\n' } }),
        bash('cat src/a.js > b.js && echo "$HOME"'),
      ),
    );
    await put('INSTRUCTIONS.md', 'INSTRUCTIONS-TEXT');
    expect(await run({ instructionsFile: at('INSTRUCTIONS.md') })).toMatchObject({
      ok: true,
      value: {
        report: {
          outcome: 'ok',
          usage: {
            costUsd: expect.any(Number),
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
    expect(sent()[0]?.system).toContain('INSTRUCTIONS-TEXT');
    expect(sent()[2]?.sent).toContain(at('home'));
    expect(sent().filter((request) => request.sent.includes('UNIT-ID'))).toEqual([]);
    expect(await readFile(at('run/transcript.ndjson'), 'utf8')).toContain('"type":"result"');
  });

  test('nothing of the project configures it, and it does not write beside its directory', async () => {
    const { at, put, run, sent } = await desk(
      claude,
      turns(
        bash('true'),
        use({ name: 'Write', input: { file_path: '../outside.txt', content: 'x' } }),
      ),
    );
    const hook = { type: 'command', command: `touch '${at('hooked')}'` };
    const settings = {
      hooks: { PreToolUse: [{ hooks: [hook] }], UserPromptSubmit: [{ hooks: [hook] }] },
    };
    for (const place of ['project', 'project/work']) {
      await put(`${place}/.claude/settings.json`, JSON.stringify(settings));
      await put(`${place}/CLAUDE.md`, 'LEAKED-INSTRUCTIONS');
      await put(`${place}/AGENTS.md`, 'LEAKED-INSTRUCTIONS');
    }
    expect(await run()).toMatchObject({ ok: true });
    expect(existsSync(at('hooked'))).toBe(false);
    expect(existsSync(at('project/outside.txt'))).toBe(false);
    expect(JSON.stringify(sent())).not.toContain('LEAKED-INSTRUCTIONS');
  });

  test('a cap of turns ends it, and its work is kept', async () => {
    const { run, sent } = await desk(claude, () => bash('true'));
    expect(
      await run({ caps: { idleMs: 60_000, wallMs: 90_000, turns: 2, costUsd: null } }),
    ).toMatchObject({ ok: true, value: { report: { outcome: 'limit' } } });
    expect(sent()).toHaveLength(2);
  });

  test('a cap of cost ends it after the response that overshot', async () => {
    const { run } = await desk(claude, () => bash('true'));
    const caps = { idleMs: 60_000, wallMs: 90_000, turns: null, costUsd: 0.000001 };
    expect(await run({ caps })).toMatchObject({
      ok: true,
      value: { report: { outcome: 'limit' } },
    });
  });

  test.each([401, 429, 500, 529])('status %i of the model API is api_error', async (status) => {
    const { run } = await desk(claude, () => ({ status }));
    expect(await run()).toMatchObject({
      ok: false,
      error: {
        detail: expect.stringMatching(new RegExp(`model API failed ${status}`)),
        agent: { outcome: 'api_error' },
      },
    });
  });

  test('no server, and no credential, are api_error too', async () => {
    const { run, environment } = await desk(claude, turns());
    const nobody = { ...environment, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' };
    const keyless = { ...environment, ANTHROPIC_API_KEY: undefined };
    for (const [world, words] of [
      [nobody, 'connect'],
      [keyless, 'log'],
    ] as const) {
      expect(await run({ environment: world })).toMatchObject({
        ok: false,
        error: {
          detail: expect.stringMatching(new RegExp(`the model API failed: .*${words}`, 'i')),
          agent: { outcome: 'api_error' },
        },
      });
    }
  });

  test('a model that never answers: silence ends it, and so does the signal of the run', async () => {
    const { run } = await desk(claude, () => ({ hang: true }));
    const caps = { idleMs: 2500, wallMs: 90_000, turns: null, costUsd: null };
    expect(await run({ caps })).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'killed', usage: { costUsd: null } } },
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1500);
    expect(await run({}, stop.signal)).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'killed' } },
    });
  });

  test('shells it left behind end with it', async () => {
    const { at, run } = await desk(
      claude,
      turns(bash(`setsid sh -c 'echo $$ > left.pid; exec sleep 600' > /dev/null 2>&1 & sleep 1`)),
    );
    expect(await run()).toMatchObject({ ok: true });
    const pid = Number(await readFile(at('project/work/left.pid'), 'utf8'));
    expect(alive(pid)).toBe(false);
  });
});

describe.each(CLAUDES)('claude ($version) as check author', (claude) => {
  test('answers in the shape asked for; it has no tools and sees nothing but its prompt', async () => {
    const { at, put, run, sent } = await desk(
      claude,
      turns(use({ name: 'StructuredOutput', input: { checks: ['one'] } })),
    );
    await put('project/CLAUDE.md', 'LEAK');
    await put('project/work/CLAUDE.md', 'LEAK');
    await put('project/work/AGENTS.md', 'LEAK');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e', ...args], {
        cwd: at('project'),
      });
    git('init', '-q', '-b', 'LEAK-branch');
    git('add', '-A');
    git('commit', '-q', '-m', 'LEAK in a message');

    expect(await run({ ...AUTHOR, instructionsFile: at('project/CLAUDE.md') })).toMatchObject({
      ok: true,
      value: { output: { checks: ['one'] }, report: { outcome: 'ok' } },
    });
    expect(sent()).toHaveLength(1);
    expect(sent()[0]?.sent).toContain('PROMPT-TEXT');
    expect(sent()[0]?.sent).not.toContain('LEAK');
    const harmless = ['StructuredOutput', 'DeferredToolPlaceholder'];
    expect(sent()[0]?.tools.filter((name) => !harmless.includes(name))).toEqual([]);
  });

  test('one that talks instead of answering is bad_schema', async () => {
    const { run } = await desk(claude, turns());
    expect(await run(AUTHOR)).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'bad_schema' } },
    });
  });

  test('one that answers in another shape, whatever it is told, yields nothing', async () => {
    const { run } = await desk(claude, () =>
      use({ name: 'StructuredOutput', input: { cheques: 1 } }),
    );
    const caps = { idleMs: 60_000, wallMs: 90_000, turns: 20, costUsd: null };
    expect(await run({ ...AUTHOR, caps })).toMatchObject({
      ok: false,
      error: { agent: { outcome: 'bad_schema' } },
    });
  });
});

test.each(CLAUDES)('claude ($version) tells its version', async (claude) => {
  const { environment } = await desk(claude, turns());
  expect(await probe(CHOICE, environment)).toMatchObject({
    ok: true,
    value: { version: `${claude.version} (Claude Code)`, credential: 'ANTHROPIC_API_KEY' },
  });
});
