import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeAgent } from '../rig/command.ts';
import { Project } from '../rig/project.ts';

const AGENT = fileURLToPath(new URL('../fixtures/cli/telling-agent.mjs', import.meta.url));

test('a key that agents tell everybody is in nothing that a run leaves, detached, and in no report', async () => {
  await using project = await Project.minimal({ service: 'service:\n  start: node lib/serve.mjs' });
  const own = join(project.root, 'own');
  const secret = 'sk-ant-api03-told-by-the-agents-of-this-test';
  const env = { ANTHROPIC_API_KEY: secret, HTTPS_PROXY: `http://me:${secret}-2@127.0.0.1:9` };
  const flags = ['--agent', nodeAgent(AGENT, 'code', own), '--evaluation', 'report'];
  const roles = [...flags, '--evaluator', nodeAgent(AGENT, 'evaluate', own)];
  const started = await project.cli(['run', '001', '--detach', ...roles], { env });
  expect([started.code, started.stderr]).toEqual([0, expect.stringContaining('at work')]);
  const waited = await project.cli(['wait', '001', '--since', 'none', '--timeout', '100'], { env });
  expect([waited.code, waited.stderr + waited.stdout]).toEqual([0, expect.any(String)]);

  // It did all it could: the code agent failed with it once, the evaluator gave it for a symptom.
  expect(readFileSync(join(own, 'seen'), 'utf8')).toBe(`0 of key ${String(secret.length)}`);
  expect(readFileSync(join(own, 'code'), 'utf8').length).toBeGreaterThanOrEqual(3);
  const [run = ''] = readdirSync(join(project.dir, '.factory/runs/001-signs'));
  const journal = await project.read(join('.factory/runs/001-signs', run, 'journal.ndjson'));
  expect(journal).toContain('[redacted]');

  const outputs = await Promise.all(
    [
      ...['html', 'md', 'junit', 'json'].map((format) => ['report', '--format', format]),
      ['status', '--json'],
      ['audit', '--json'],
      ['config'],
    ].map(async (args) => ({ args, ...(await project.cli(args, { env })) })),
  );
  for (const { args, stdout, stderr } of [
    { args: 'run', ...started },
    { args: 'wait', ...waited },
    ...outputs,
  ])
    expect({ args, told: `${stdout}${stderr}`.includes(secret) }).toEqual({ args, told: false });
  for (const { stdout } of outputs.slice(0, 4)) expect(stdout).toContain('001-signs');
  expect(await project.read('.factory/logs/001-signs.log')).toContain('001-signs: completed');
  expect(await project.filesWith(secret)).toEqual([]);
});
