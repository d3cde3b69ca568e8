import { count, elapsed } from '../words.ts';
import type { RoleSpend } from './spending.ts';

/** An outcome as a person reads it. */
export const OUTCOME_WORDS = {
  passed: 'passed',
  failed: 'failed',
  inconclusive: 'inconclusive',
  none: 'not measured',
} as const;

const GLYPHS: Readonly<Record<string, string>> = {
  passed: '✓',
  failed: '✗',
  broken: '?',
  inconclusive: '?',
};

/** An outcome in one sign that needs no colour. */
export const glyphOf = (outcome: string | null): string => GLYPHS[outcome ?? ''] ?? '–';

/** Cost and tokens by role as a table, header first. */
export const roleRows = (spending: readonly RoleSpend[]): readonly (readonly string[])[] => [
  ['role', 'agent', 'runs', 'cost', 'tokens in', 'tokens out', 'time'],
  ...spending.map((each) => [
    each.role,
    each.agent,
    String(each.runs),
    money(each),
    tokens(each.inputTokens, each),
    tokens(each.outputTokens, each),
    elapsed(each.ms),
  ]),
];

/** Unknown is never nothing. */
function money({ usd, unknownRuns, runs }: RoleSpend): string {
  if (unknownRuns === runs) return 'unknown';
  return `$${usd.toFixed(2)}${unknownRuns === 0 ? '' : ` + ${count(unknownRuns, 'unknown run')}`}`;
}

function tokens(known: number, { untoldRuns, runs }: RoleSpend): string {
  if (untoldRuns === runs) return 'unknown';
  return known.toLocaleString('en-US') + (untoldRuns === 0 ? '' : ' + unknown');
}
