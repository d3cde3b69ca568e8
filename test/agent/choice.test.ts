import { describe, expect, test } from 'vitest';
import { agentName, parseAgent } from '../../src/agent/index.ts';

const parse = (text: string) => parseAgent(text, { base: '/project', node: '/usr/bin/node' });

describe('a flag value names an agent', () => {
  test.each([
    ['claude', { kind: 'claude', model: null }],
    ['claude:opus', { kind: 'claude', model: 'opus' }],
    ['claude:claude-x-5[1m]', { kind: 'claude', model: 'claude-x-5[1m]' }],
    ['codex', { kind: 'codex', model: null }],
    ['codex:gpt-5.5', { kind: 'codex', model: 'gpt-5.5' }],
    ['command:my-agent', { kind: 'command', command: ['my-agent'] }],
    [
      `command:./bin/agent --say "two words" '$HOME' *.md`,
      {
        kind: 'command',
        command: ['/project/bin/agent', '--say', 'two words', '$HOME', '*.md'],
      },
    ],
    ['command:node ../agent.mjs', { kind: 'command', command: ['node', '/agent.mjs'] }],
    ['scripted:prepared', { kind: 'scripted', dir: '/project/prepared', node: '/usr/bin/node' }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toEqual({ ok: true, value: expected });
  });

  test.each([
    '',
    'gemini',
    'claude:',
    'codex:',
    'claude:--version',
    'command:',
    'command:  ',
    'scripted:',
  ])('"%s" is refused with a way out', (text) => {
    const parsed = parse(text);
    expect(parsed).toMatchObject({ ok: false });
    expect(!parsed.ok && parsed.error.remedy).toMatch(/claude|codex|command:|scripted:/);
  });

  test.each(['command:a | b', 'command:a > b', 'command:a && b', 'command:a # b'])(
    '"%s" asks for a shell, which must be said',
    (text) => {
      expect(parse(text)).toMatchObject({
        ok: false,
        error: { remedy: expect.stringContaining("sh -c '…'") },
      });
    },
  );

  test('reports name the program, never its arguments', () => {
    expect(agentName({ kind: 'command', command: ['agent', '--key', 'secret'] })).toBe(
      'command:agent',
    );
  });
});
