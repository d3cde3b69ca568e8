import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { probe } from '../../src/agent/index.ts';
import { choice, desk, FAKE_AGENT } from './desk.ts';

describe('what is known of an agent before a run starts', () => {
  test('claude: where, which version, which credential', async () => {
    const { request, dir } = await desk();
    expect(await probe(choice('claude'), request().environment)).toEqual({
      ok: true,
      value: {
        agent: 'claude',
        executable: join(dir, 'bin/claude'),
        version: '9.9.9 (fake)',
        credential: 'ANTHROPIC_API_KEY',
      },
    });
  });

  test('claude without a credential: how to get one that works with an empty HOME', async () => {
    const { request } = await desk();
    const environment = { PATH: request().environment['PATH'] };
    expect(await probe(choice('claude'), environment)).toMatchObject({
      ok: false,
      error: { remedy: expect.stringContaining('claude setup-token') },
    });
  });

  test('codex: a key, or a gateway that needs none', async () => {
    const { request, dir } = await desk();
    const { PATH } = request().environment;
    const codex = (more: Record<string, string>) => probe(choice('codex'), { PATH, ...more });
    expect(await codex({ OPENAI_API_KEY: 'x' })).toEqual({
      ok: true,
      value: {
        agent: 'codex',
        executable: join(dir, 'bin/codex'),
        version: 'codex-cli 9.9.9 (fake)',
        credential: 'OPENAI_API_KEY',
      },
    });
    expect(await codex({ OPENAI_BASE_URL: 'http://127.0.0.1:1' })).toMatchObject({ ok: true });
    expect(await codex({})).toMatchObject({
      ok: false,
      error: { remedy: expect.stringContaining('OPENAI_API_KEY') },
    });
  });

  test('a program that is missing', async () => {
    for (const text of ['claude', 'codex', 'command:no-such-agent', 'command:./no-such-agent']) {
      expect(await probe(choice(text), { PATH: '/nowhere' })).toMatchObject({ ok: false });
    }
  });

  test('a program that is there, by path and with spaces in it', async () => {
    expect(await probe(choice(`command:'${FAKE_AGENT}' writes`), {})).toMatchObject({
      ok: true,
      value: { executable: FAKE_AGENT, version: null },
    });
  });

  test('prepared files', async () => {
    const { dir } = await desk();
    await mkdir(join(dir, 'prepared'));
    expect(await probe(choice('scripted:prepared', dir), {})).toMatchObject({ ok: true });
    expect(await probe(choice('scripted:missing', dir), {})).toMatchObject({
      ok: false,
      error: { where: join(dir, 'missing') },
    });
  });
});
