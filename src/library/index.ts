/**
 * The package as a TypeScript API, a second front door beside the command line: what is exported here is all that is public. Imports the composition root
 * and the rooms whose values it hands out; decides nothing, and reads nothing of the process but what its options say.
 */
export { Decision, Question, RunEvent } from '../domain/index.ts';
export type {
  Diagnostic,
  Group,
  Manifest,
  Plan,
  ServiceSetting,
  Severity,
  Unit,
  UnitId,
} from '../domain/index.ts';
export { eventSchema } from '../report/index.ts';
export { parseManifest, validateSpec } from './specs.ts';
export type { ManifestResult, SpecResult, ValidateSpecOptions } from './specs.ts';
export { runSpec } from './run-spec.ts';
export type {
  Answer,
  ProjectOptions,
  RunOutcome,
  RunSettings,
  RunSpecOptions,
  SpecRun,
} from './options.ts';
