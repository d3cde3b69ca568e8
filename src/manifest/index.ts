/**
 * The spec directory and what it means: finds it, reads it, says everything that is wrong with it, and edits `manifest.md` without
 * touching a byte it need not. Imports the domain and nothing else of ours. Never decides, starts or judges anything, and never
 * interprets a unit's or a scenario's prose (`lint/` looks at their wording, for people, and never for a run).
 */
export { parseConstitution } from './constitution.ts';
export type { Constitution } from './constitution.ts';
export { editManifest } from './edit.ts';
export type { Edit } from './edit.ts';
export { neutralHash, sha256 } from './hash.ts';
export { fixSpec } from './lint/fix.ts';
export { closest } from './closest.ts';
export { issueText, valueAt } from './issue-words.ts';
export { lintSpec, unfinishedIn } from './lint/lint.ts';
export { LINT_RULES } from './lint/rules.ts';
export { readTexts } from './lint/texts.ts';
export type { SpecTexts } from './lint/texts.ts';
export { loadSpec } from './load.ts';
export type { LoadedSpec } from './load.ts';
export type { SpecLocation } from './locate.ts';
export { parseManifest } from './manifest.ts';
export type { DeclaredUnit, ParsedManifest } from './manifest.ts';
export { readSource } from './read.ts';
export { resolveSpec } from './resolve.ts';
export { RULES } from './rules.ts';
export type { RuleId } from './rules.ts';
export { parseStubs } from './stubs.ts';
export { projectEdit, writeAtomically } from './write.ts';
export type { Projection } from './write.ts';
