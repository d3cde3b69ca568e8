import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runAgent } from '../../src/agent/index.ts';
import { calm, choice, desk } from './desk.ts';

/** A folder of prepared files for the unit `api`, and an agent that plays it. */
async function prepared(files: Record<string, string>) {
  const at = await desk();
  const dir = join(at.dir, 'prepared');
  for (const [name, content] of Object.entries(files)) {
    const file = join(dir, 'api', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return { ...at, agent: choice(`scripted:${dir}`) };
}

const NOTHING = { costUsd: 0, inputTokens: 0, outputTokens: 0 };

describe('an agent that plays prepared files', () => {
  test('copies the files of the iteration, deletes what is listed, and says that no model is called', async () => {
    const { agent, request, cwd, transcript } = await prepared({
      'code/1/src/a.js': 'one',
      'code/1/old.txt': 'old',
      'code/2/src/a.js': 'two',
      'code/2/DELETE.txt': 'old.txt\r\nnever-there\n',
    });
    expect(await runAgent(agent, request(), calm)).toMatchObject({
      ok: true,
      value: { report: { agent: 'scripted', outcome: 'ok', usage: NOTHING } },
    });
    expect(await readFile(join(cwd, 'src/a.js'), 'utf8')).toBe('one');
    expect((await transcript()).split('\n')[0]).toContain('no model is called');

    // No iteration 3 is prepared: the nearest lower one is played.
    await runAgent(agent, request({ iteration: 3 }), calm);
    expect(await readFile(join(cwd, 'src/a.js'), 'utf8')).toBe('two');
    expect(existsSync(join(cwd, 'old.txt'))).toBe(false);
    expect(existsSync(join(cwd, 'DELETE.txt'))).toBe(false);
  });

  test('answers with its prepared checks', async () => {
    const { agent, request } = await prepared({
      'checks/b.mjs': 'bee',
      'checks/a.mjs': 'ay',
      'checks/README.md': 'not a check',
    });
    expect(await runAgent(agent, request({ role: 'author' }), calm)).toMatchObject({
      ok: true,
      value: {
        output: {
          checks: [
            { scenario: 'a', code: 'ay' },
            { scenario: 'b', code: 'bee' },
          ],
        },
      },
    });
  });

  test('closes with its prepared report', async () => {
    const { agent, request } = await prepared({ 'report.txt': 'Satisfaction: 1/1' });
    expect(await runAgent(agent, request({ role: 'evaluator' }), calm)).toMatchObject({
      ok: true,
      value: { text: 'Satisfaction: 1/1' },
    });
  });

  test.each(['coder', 'author', 'evaluator'] as const)(
    'with nothing prepared, the %s says where it looked',
    async (role) => {
      const { agent, request, dir } = await prepared({});
      expect(await runAgent(agent, request({ role }), calm)).toMatchObject({
        ok: false,
        error: {
          detail: expect.stringContaining(join(dir, 'prepared', 'api')),
          agent: { outcome: 'agent_error', usage: NOTHING },
        },
      });
    },
  );
});
