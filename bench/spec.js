import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ids of generated units. */
export const unitIds = (count) =>
  Array.from({ length: count }, (_, index) => `part-${String(index + 1).padStart(5, '0')}`);

/**
 * Writes a valid spec directory.
 * @param {string} dir
 * @param {{ groups: { mode: 'parallel' | 'sequential', units: string[] }[], service?: string }} plan `service`: YAML
 */
export function writeSpec(dir, { groups, service = 'none' }) {
  mkdirSync(join(dir, 'units'), { recursive: true });
  writeFileSync(join(dir, 'manifest.md'), manifestOf(groups, service));
  for (const unit of groups.flatMap(({ units }) => units)) {
    const scenarios = join(dir, 'scenarios', unit);
    mkdirSync(scenarios, { recursive: true });
    writeFileSync(join(dir, 'units', `${unit}.md`), unitSpec(unit));
    writeFileSync(join(scenarios, 'it-answers.md'), scenario(unit));
  }
}

function manifestOf(groups, service) {
  const units = groups.flatMap((group, index) =>
    group.units.map((unit, position) => {
      // The unit at the same place of the group before.
      const before = groups[index - 1]?.units[position];
      return `- [ ] ${unit}: The part called ${unit} — ${before === undefined ? 'no dependencies' : `after: ${before}`}`;
    }),
  );
  const order = groups.map(
    ({ mode, units: ids }, index) => `Group ${index + 1} (${mode}): ${ids.join(', ')}`,
  );
  return `---
title: A generated spec
threshold: 1
max_iterations: 3
service: ${service}
---

# A generated spec

Written to be measured.

## Units

${units.join('\n')}

## Execution Order

${order.map((line) => `- ${line}`).join('\n')}
`;
}

const unitSpec = (unit) => `# The part called ${unit}

Build the part that answers for \`${unit}\`. It stands alone.

## Interface

- \`answer(question)\` returns a text.
- \`answer()\` without a question returns the empty text.

## Data

| field    | type   | meaning               |
| -------- | ------ | --------------------- |
| question | string | what somebody asks    |
| answer   | string | what the part replies |

## Errors

A question that is not a text: \`TypeError\` with the message \`a question is a text\`.
`;

const scenario = (unit) => `# ${unit} answers

Priority: P0

## When

Somebody asks ${unit} a question.

## Then

- It answers in a line of text.
- It answers the same when it is asked again.
`;
