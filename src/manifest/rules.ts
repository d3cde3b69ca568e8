import type { Severity } from '../domain/index.ts';

const error = (hint: string) => ({ severity: 'error' as Severity, hint });
const warning = (hint: string) => ({ severity: 'warning' as Severity, hint });
const info = (hint: string) => ({ severity: 'info' as Severity, hint });

/** Every rule a spec directory is held to: how grave a breach is, and how to get out. Each has a section in `docs/rules.md`. */
export const RULES = {
  'file-too-large': error(
    'Keep every file of a spec under 4 MiB; move data and transcripts elsewhere.',
  ),
  'file-too-complex': error('Split it: at most 50,000 lines and 40 levels of nesting in one file.'),
  'file-not-text': error('Save the file as UTF-8 text.'),
  'file-empty': error('Write the file, or remove it.'),
  'file-unreadable': error(
    'Check that it is a regular file, that its links end somewhere, and that you may read it.',
  ),

  'frontmatter-missing': error(
    'Begin the file with a line `---`, then `title: …`, then another line `---`.',
  ),
  'frontmatter-unclosed': error('Close the frontmatter with a line that is just `---`.'),
  'frontmatter-too-large': error('Keep the frontmatter under 32 KiB; prose belongs below it.'),
  'frontmatter-language': error('Write plain `---`: frontmatter is YAML, and is never executed.'),
  'frontmatter-yaml': error(
    'Correct the YAML; quote a value that holds `: `, `#` or begins with a special character.',
  ),
  'unknown-key': info('It is kept and has no effect; check its spelling if it should have one.'),
  'title-missing': error('Add `title: <what this spec builds>` to the frontmatter.'),
  'bad-title': error(
    'Write the title as one line of text, in quotes if YAML reads it as something else.',
  ),
  'bad-status': error(
    'Write `status: pending`, `in_progress`, `completed` or `failed`, or leave it out.',
  ),
  'bad-threshold': error(
    'Write a number above 0 and at most 1, e.g. `threshold: 0.9`, or leave it out.',
  ),
  'bad-max-iterations': error(
    'Write a whole number of at least 1, e.g. `max_iterations: 5`, or leave it out.',
  ),
  'bad-service': error(
    'Write `service: none`, or a block with `start:` and optionally `port`, `health`, `env`, `restart_on`, `needs`, `reset`, `timeout`.',
  ),

  'no-units': error(
    'Add a heading `## Units` and below it lines like `- [ ] api: HTTP interface — no dependencies`.',
  ),
  'bad-unit-line': error(
    'Write `- [ ] id: Title — no dependencies` or `- [ ] id: Title — after: a, b`.',
  ),
  'bad-unit-id': error(
    'Use at most 100 letters, digits, `.`, `_` and `-`, beginning with a letter or digit.',
  ),
  'nested-unit': error(
    'Move the line to the left margin of the list; write no box where no unit is meant.',
  ),
  'duplicate-unit': error(
    'Give each unit an id of its own; ids that differ only in case are the same.',
  ),
  'missing-dependency-clause': error(
    'End the line with ` — no dependencies` or ` — after: <ids, separated by commas>`.',
  ),

  'no-groups': error(
    'Add a heading `## Execution Order` and below it lines like `Group 1 (parallel): a, b`.',
  ),
  'bad-group-line': error('Write `Group <number> (parallel|sequential): a, b`.'),
  'bad-group-mode': error('Write `(parallel)` or `(sequential)` behind the number of the group.'),
  'empty-group': error('Name at least one unit in the group, or remove the line.'),
  'duplicate-group': error('Give each group a number of its own.'),
  'group-order': error('Number the groups in the order in which they run.'),

  'unknown-unit': error('Add the unit under `## Units`, or correct the id.'),
  'unit-in-no-group': error('Name the unit in one group under `## Execution Order`.'),
  'unit-in-two-groups': error('Keep the unit in one group only.'),
  'unknown-dependency': error('Add the unit it names under `## Units`, or correct the id.'),
  'self-dependency': error('Remove the unit from its own dependencies.'),
  'repeated-dependency': warning('Name each dependency once.'),
  'dependency-cycle': error('Remove one of these dependencies, or merge the units.'),
  'dependency-order': error(
    'Move the dependency to an earlier group, or this unit to a later one.',
  ),

  'missing-unit-file': error('Write what its code agent must build to that file.'),
  'unit-file-disagrees': error('Make both say the same, or remove the key from the unit file.'),
  'bad-unit-agent': error(
    'Write `agent:` as --agent takes it, e.g. codex, and in `model:` the name of a model for it.',
  ),
  'orphan-unit-file': warning('Declare the unit in manifest.md, or remove the file.'),
  'unit-without-scenarios': error(
    'Write at least one scenario; a unit that nothing checks cannot pass.',
  ),
  'orphan-scenarios': error('Declare the unit in manifest.md, or rename or remove the directory.'),
  'scenario-not-read': warning('Scenarios are `scenarios/<unit id>/<name>.md`; move it there.'),
  'link-leads-out': error('Put the file or directory itself there instead of a link.'),
  'scenario-says-nothing': error('Write what is given, what is done, and what is expected of it.'),
  'scenario-without-expectation': warning(
    'Add what is to be seen from outside, under `## Then` or `## Expected`.',
  ),
  'scenario-names-alike': error(
    'Rename one of them: on many disks they are the same file, and so are their checks.',
  ),
  'duplicate-scenario-title': warning(
    'Give each scenario a title of its own; stubs and people name them by it.',
  ),
  'bad-priority': error('Write P0, P1 or P2.'),
  'bad-sealed': error('Write `sealed: true`, or leave it out.'),
  'only-sealed': error(
    'Add a scenario that is not sealed: what is sealed is measured at the end only, and decides nothing.',
  ),
  'bad-constitution-rule': warning(
    'Write `level` (L1, L2 or L3), one of `pattern` and `check`, `scope` and `message`; until then nothing holds to this rule.',
  ),
  'bad-stub': error('Under `## Stubs` write `### <scenario> (P0|P1|P2)` with one code fence each.'),
  'stub-without-scenario': error('Name the file or the title of a scenario of the same unit.'),
} as const satisfies Record<string, { severity: Severity; hint: string }>;

export type RuleId = keyof typeof RULES;
