import type { Severity } from '../../domain/index.ts';

const warning = (hint: string) => ({ severity: 'warning' as Severity, hint });
const info = (hint: string) => ({ severity: 'info' as Severity, hint });

/** Every rule of good craft a valid spec is held to, and how to get out. Each has a section in `docs/lint.md`. */
export const LINT_RULES = {
  'requirement-uncovered': warning(
    'Name it in the unit or scenario that serves it, or in a line of solution.md that names the unit; or take it out of requirements.md.',
  ),
  'unknown-requirement': warning('Correct the id, or add the requirement to requirements.md.'),
  'requirements-without-ids': info(
    'Give each requirement an id, e.g. `- **R1** Anyone can …`, so that its coverage can be told.',
  ),
  'unit-without-p0': warning(
    'Mark the scenario without which the unit is worth nothing with `Priority: P0`.',
  ),
  'acceptance-criteria-in-unit': warning(
    'Move it to a scenario, which code agents never see; the unit file says what the interface is, not how it is judged.',
  ),
  'implementation-hint': warning(
    'Say what the unit must do and at which interface; leave the way there to its agent, or put what must not vary under `Constraints`.',
  ),
  'scenario-wording-in-unit': warning(
    'Say it in other words in the scenario, with values of its own: a unit file that quotes its scenarios gives the holdout away.',
  ),
  'internal-name-in-scenario': warning(
    'Name only what a user of the product can name: routes, commands, exports, texts and values.',
  ),
  'vague-expectation': warning(
    'Say exactly what is observed: a status, a value, a text, an exit code, an order.',
  ),
  'unit-id-in-stub': warning('Name the stub or test after the behaviour that it shows.'),
  'not-observable': warning(
    'Say what somebody at the public surface (HTTP, command line, export) asks and gets; see the kit’s reference.',
  ),
  'order-not-derived': warning(
    'Say with `after:` what it waits for, or let `lint --fix` move it to the earliest group.',
  ),
  unfinished: warning('Write what belongs there, or remove it.'),
} as const satisfies Record<string, { severity: Severity; hint: string }>;

export type LintRuleId = keyof typeof LINT_RULES;
