import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Usage } from '../../src/domain/index.ts';
import type { Exit } from '../../src/process/index.ts';
import type { Adapter } from '../../src/agent/index.ts';
import { briefing, CHECKS_SCHEMA, desk } from './desk.ts';

const CAUSES: readonly Exit['cause'][] = [
  'exited',
  'signalled',
  'not_started',
  'idle',
  'wall',
  'flood',
  'stopped',
];

/** The end of a process that said nothing but prose. */
const exitOf = (cause: Exit['cause'], code: number | null = null): Exit => ({
  cause,
  code,
  signal: cause === 'signalled' ? 'SIGTERM' : null,
  stdout: 'RAW-PROSE',
  stderr: 'RAW-PROSE',
  ms: 1,
  summary: `ended by ${cause}`,
});

/** What every adapter owes, whatever program it drives. `name` is for the report. */
export function conforms(name: string, adapter: Adapter): void {
  describe(`${name} keeps the contract of adapters`, () => {
    test('plan is pure, keeps the prompt off argv and files, and gives a HOME of its own', async () => {
      const { request } = await desk();
      const asked = request({ briefing: briefing('PROMPT-TEXT') });
      const plan = adapter.plan(asked);
      expect(adapter.plan(asked)).toEqual(plan);
      expect(plan.stdin).toBe('PROMPT-TEXT');
      expect(JSON.stringify([plan.argv, plan.env, plan.homeFiles])).not.toContain('PROMPT-TEXT');
      expect(plan.env['HOME']).toBe(asked.home);
    });

    test('nothing of a surrounding Claude Code and no unknown variable is passed on', async () => {
      const { request } = await desk();
      const { env } = adapter.plan(request());
      expect(env).not.toHaveProperty('CLAUDECODE');
      expect(env).not.toHaveProperty('CLAUDE_CODE_ENTRYPOINT');
      expect(env).not.toHaveProperty('SOMETHING_ELSE');
    });

    test('parse takes any line', () => {
      fc.assert(fc.property(fc.string(), (line) => adapter.parse(line).kind !== undefined));
      fc.assert(fc.property(fc.json(), (line) => adapter.parse(line).kind !== undefined));
      for (const type of [
        'result',
        'system',
        'rate_limit_event',
        'turn.failed',
        'item.completed',
      ]) {
        fc.assert(
          fc.property(
            fc.object(),
            (rest) => adapter.parse(JSON.stringify({ ...rest, type })).kind !== undefined,
          ),
        );
      }
    });

    test.each(CAUSES)('finish judges the cause "%s" without quoting the agent', (cause) => {
      for (const role of ['coder', 'author', 'evaluator'] as const) {
        const finish = adapter.finish(exitOf(cause, cause === 'exited' ? 1 : null), [], {
          role,
          schema: CHECKS_SCHEMA,
        });
        expect(finish.outcome).not.toBe('ok');
        expect(Usage.safeParse(finish.usage).success).toBe(true);
        expect(finish.detail).toMatch(/^\S.{3,}$/);
        if (name !== 'scripted' && name !== 'command')
          expect(finish.detail).not.toContain('RAW-PROSE');
      }
    });
  });
}
