import type { Diagnostic, Scenario } from '../domain/index.ts';
import { diagnose } from './source.ts';

/** Scenarios of one unit that cannot be told apart, by their files or by their titles. */
export function namesakes(scenarios: readonly Scenario[]): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [at, scenario] of scenarios.entries()) {
    const earlier = scenarios.slice(0, at);
    const place = { file: scenario.file, line: 1, column: 1 };
    const twin = earlier.find(({ name }) => folded(name) === folded(scenario.name));
    const same = earlier.find(({ title }) => folded(title) === folded(scenario.title));
    if (twin !== undefined)
      found.push(
        diagnose(place, {
          rule: 'scenario-names-alike',
          message: `Its name differs from \`${twin.name}.md\` in case only.`,
        }),
      );
    else if (same !== undefined)
      found.push(
        diagnose(place, {
          rule: 'duplicate-scenario-title',
          message: `\`${same.name}.md\` has the same title.`,
        }),
      );
  }
  return found;
}

const folded = (text: string): string => text.normalize('NFC').toLowerCase().trim();
