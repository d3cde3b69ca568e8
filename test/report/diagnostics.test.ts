import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/domain/index.ts';
import { diagnosticsJson, diagnosticsText, problemText } from '../../src/report/index.ts';

const file = '/p/.start/specs/001-x/manifest.md';
const fault = (over: Partial<Diagnostic> = {}): Diagnostic => ({
  file,
  line: 2,
  column: 32,
  rule: 'unknown-unit',
  severity: 'error',
  message: 'Unknown unit "shlef".',
  hint: 'Did you mean "shelf"?',
  ...over,
});
const text = (source: string, over: Partial<Diagnostic> = {}) =>
  diagnosticsText([fault(over)], { cwd: '/p', sources: new Map([[file, source]]) });

describe('diagnostics for people', () => {
  it('point at the place and say how to get out', () => {
    expect(text('# X\r\n- [ ] api: The API — after: a, shlef\r\n'))
      .toBe(`.start/specs/001-x/manifest.md:2:32 error Unknown unit "shlef". [unknown-unit]
  2 | - [ ] api: The API — after: a, shlef
    |                                ~~~~~
  hint: Did you mean "shelf"?

1 error, 0 warnings
`);
  });

  it('underline the whole word, below wide characters and tabs too', () => {
    const [, line = '', squiggle = ''] = text('\n本棚\tshlef, b', { column: 4 }).split('\n');
    expect(line).toBe('  2 | 本棚 shlef, b');
    expect(squiggle).toBe(`    | ${' '.repeat(5)}~~~~~`);
  });

  it('stay one line for a line of a million characters, and harmless for control characters', () => {
    const shown = text(`\n${'x'.repeat(500_000)} shlef\u001B[2J ${'y'.repeat(500_000)}`, {
      column: 500_002,
    });
    const lines = shown.split('\n');
    expect(lines[1]?.length).toBeLessThan(140);
    expect(lines[1]).toContain('| …');
    expect(lines[2]?.endsWith('~~~~~')).toBe(true);
    expect(shown).not.toContain('\u001B');
  });

  it('manage a place outside the text, and a file without text', () => {
    expect(text('one\n', { line: 2, column: 9 })).toContain('  2 | \n    | ~\n');
    expect(text('one', { line: 99 })).not.toContain(' | ');
    expect(
      diagnosticsText([fault({ file: '/elsewhere/m.md' })], { cwd: '/p', sources: new Map() }),
    ).toContain('/elsewhere/m.md:2:32 error');
  });

  it('say so when there is nothing', () => {
    expect(diagnosticsText([], { cwd: '/p', sources: new Map() })).toBe('No faults found.\n');
  });
});

describe('diagnostics for programs', () => {
  it('are ok without errors', () => {
    const info = fault({ severity: 'info' });
    expect(diagnosticsJson([info])).toEqual({ ok: true, diagnostics: [info] });
    expect(diagnosticsJson([info, fault()]).ok).toBe(false);
  });
});

it('a problem says where, what and how to get out', () => {
  expect(problemText({ where: 'port 3000', what: 'It is taken.', remedy: 'Stop the other.' })).toBe(
    'port 3000: It is taken.\n  Stop the other.\n',
  );
});
