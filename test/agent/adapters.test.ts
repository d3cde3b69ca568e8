import { describe, expect, test } from 'vitest';
import { AGENT_PROGRAMS } from '../../src/domain/index.ts';
import { adapterFor } from '../../src/agent/index.ts';
import { CHECKS_SCHEMA, choice, desk } from './desk.ts';
import { conforms } from './conformance.ts';

for (const name of AGENT_PROGRAMS) conforms(name, adapterFor(choice(name)));
conforms('command', adapterFor(choice('command:my-agent --fast')));
conforms('scripted', adapterFor(choice('scripted:prepared')));

const claude = adapterFor(choice('claude:opus'));

describe('the plan of claude', () => {
  test('for a coder', async () => {
    const { request } = await desk();
    const plan = claude.plan(request({ instructionsFile: '/w/CLAUDE.md' }));
    expect(plan.argv).toMatchInlineSnapshot(`
      [
        "claude",
        "-p",
        "--output-format",
        "stream-json",
        "--verbose",
        "--no-session-persistence",
        "--setting-sources",
        "",
        "--strict-mcp-config",
        "--disable-slash-commands",
        "--permission-mode",
        "acceptEdits",
        "--tools",
        "Bash,Read,Edit,Write,Grep,Glob",
        "--allowedTools",
        "Bash",
        "--model",
        "opus",
        "--max-turns",
        "7",
        "--max-budget-usd",
        "1.5",
        "--append-system-prompt-file",
        "/w/CLAUDE.md",
      ]
    `);
  });

  test('for a check author: no tool, no instructions of the project, a schema without $schema', async () => {
    const { request } = await desk();
    const caps = { ...request().caps, turns: null, costUsd: null };
    const { argv } = claude.plan(
      request({
        role: 'author',
        schema: CHECKS_SCHEMA,
        instructionsFile: '/w/CLAUDE.md',
        caps,
      }),
    );
    expect(argv[argv.indexOf('--tools') + 1]).toBe('');
    expect(argv.join(' ')).not.toMatch(
      /allowedTools|append-system|max-turns|max-budget|json-schema.org/,
    );
    expect(JSON.parse(argv[argv.indexOf('--json-schema') + 1] ?? '')).toMatchObject({
      required: ['checks'],
    });
  });

  test('credentials of a provider go along only when it is switched on', async () => {
    const { request } = await desk();
    const aws = { AWS_SECRET_ACCESS_KEY: 'aws', GOOGLE_APPLICATION_CREDENTIALS: '/x' };
    const envWith = (more: Record<string, string>) =>
      claude.plan(request({ environment: { ...request().environment, ...aws, ...more } })).env;
    expect(envWith({})).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
    expect(envWith({ CLAUDE_CODE_USE_BEDROCK: '0' })).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
    const bedrock = envWith({ CLAUDE_CODE_USE_BEDROCK: '1' });
    expect(bedrock).toMatchObject({ CLAUDE_CODE_USE_BEDROCK: '1', AWS_SECRET_ACCESS_KEY: 'aws' });
    expect(bedrock).not.toHaveProperty('GOOGLE_APPLICATION_CREDENTIALS');
  });
});

test('a scripted agent needs no credential and gets none', async () => {
  const { request } = await desk();
  expect(adapterFor(choice('scripted:x')).plan(request()).env).not.toHaveProperty(
    'ANTHROPIC_API_KEY',
  );
});
