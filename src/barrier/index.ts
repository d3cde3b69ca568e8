/**
 * The barrier: who may see what. The only maker of a `Briefing` (what an agent gets) and of a `Symptom` (what comes back); blind
 * workspaces, harvest, landing policy, product trees and installed layers. May import domain and process. Never runs git with
 * a git directory that an agent could have written, and never lets a spec directory into a tree that it makes.
 */
export { auditAgain } from './audit/again.ts';
export type { Readable } from './audit/again.ts';
export { auditStore } from './audit/base.ts';
export { bitsOfLine } from './audit/capacity.ts';
export { plantCanary } from './audit/canary.ts';
export type { Canary } from './audit/canary.ts';
export { holdoutsOf } from './audit/history.ts';
export type { Holdouts } from './audit/history.ts';
export { hunt } from './audit/hunt.ts';
export { openForReading } from './audit/readable.ts';
export { saysSomething } from './audit/texts.ts';
export type { HoldoutText } from './audit/texts.ts';
export { lookThrough, watchFor } from './audit/watch.ts';
export type { Watch } from './audit/watch.ts';
export { auditWork } from './audit/work.ts';
export { backOut, forgetBackOuts } from './back-out.ts';
export type { BackOutcome, BackOutRequest } from './back-out.ts';
export { headOf } from './branch-state.ts';
export { openBranch } from './branch.ts';
export type { BranchOptions } from './branch-options.ts';
export type { OpenedBranch } from './branch.ts';
export {
  briefAuthor,
  briefCoder,
  briefEvaluator,
  briefJudge,
  instructionsFile,
} from './briefing.ts';
export type { AuthorBriefing, Briefing, CoderBriefing, EvaluatorBriefing } from './briefing.ts';
export { commitFile, readFile } from './commit-file.ts';
export type { FileCommit } from './commit-file.ts';
export { deliver } from './deliver.ts';
export type { Delivered } from './deliver.ts';
export { filterSymptom } from './filter.ts';
export type { Category, FilterContext } from './filter.ts';
export { harvest } from './harvest.ts';
export type { Harvest } from './intake.ts';
export { changedFiles, landingsBetween, originsOf } from './history.ts';
export type { ChangedFile } from './history.ts';
export { installer } from './install.ts';
export type { Installer } from './install.ts';
export type { InstallOptions, Layer } from './layer.ts';
export { land } from './land.ts';
export type { LandOutcome, LandRequest } from './land.ts';
export { lawSymptom } from './law.ts';
export type * from './observation.ts';
export { checkout, forgetCheckout } from './product.ts';
export type { CheckoutOptions } from './product.ts';
export { clearLeftovers } from './leftovers.ts';
export { openNetwork } from './network/index.ts';
export type { Network } from './network/index.ts';
export { openRepository } from './repository.ts';
export type { OpenOptions } from './repository.ts';
export type { Repository } from './store.ts';
export { openSandbox, own } from './sandbox/index.ts';
export type { SandboxOptions } from './sandbox/index.ts';
export { recallSymptom } from './symptom.ts';
export type { Symptom } from './symptom.ts';
export { symptomsFromTraffic } from './traffic.ts';
export { disposeWorkspace, makeWorkspace } from './make-workspace.ts';
export type { Workspace, WorkspaceTask } from './workspace.ts';
