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
export { alteredObjects } from './audit/verify.ts';
export { saysSomething } from './audit/texts.ts';
export type { HoldoutText } from './audit/texts.ts';
export { lookThrough, watchFor } from './audit/watch.ts';
export type { Watch } from './audit/watch.ts';
export { auditWork } from './audit/work.ts';
export { backOut, forgetBackOuts } from './landing/back-out.ts';
export type { BackOutcome, BackOutRequest } from './landing/back-out.ts';
export { headOf } from './branch/branch-state.ts';
export { sameProduct } from './branch/clean.ts';
export { openBranch } from './branch/branch.ts';
export type { BranchOptions } from './branch/branch-options.ts';
export type { OpenedBranch } from './branch/branch.ts';
export {
  briefAuthor,
  briefCoder,
  briefEvaluator,
  briefJudge,
  instructionsFile,
} from './briefing/briefing.ts';
export type {
  AuthorBriefing,
  Briefing,
  CoderBriefing,
  EvaluatorBriefing,
} from './briefing/briefing.ts';
export { commitFile, readFile } from './landing/commit-file.ts';
export type { FileCommit } from './landing/commit-file.ts';
export { deliver } from './branch/deliver.ts';
export type { Delivered } from './branch/deliver.ts';
export { filterSymptom } from './landing/filter.ts';
export type { Category, FilterContext } from './landing/filter.ts';
export { harvest } from './landing/harvest.ts';
export type { Harvest } from './landing/intake.ts';
export { changedFiles, landingsBetween, landingsUpTo, originsOf } from './branch/history.ts';
export type { ChangedFile } from './branch/history.ts';
export { installer } from './workspace/install.ts';
export type { Installer } from './workspace/install.ts';
export type { InstallOptions, Layer } from './workspace/layer.ts';
export { land } from './landing/land.ts';
export type { LandRequest } from './landing/land.ts';
export { lawSymptom } from './feedback/law.ts';
export type * from './feedback/observation.ts';
export { checkout, forgetCheckout } from './workspace/product.ts';
export type { CheckoutOptions } from './workspace/product.ts';
export { clearLeftovers, SOCKETS_TRACE } from './leftovers.ts';
export { openNetwork } from './network/index.ts';
export type { Network } from './network/index.ts';
export type { OwnGit } from './own-git.ts';
export { openRepository } from './repository.ts';
export type { OpenOptions } from './repository.ts';
export type { Repository } from './store.ts';
export { openSandbox, own } from './sandbox/index.ts';
export type { SandboxOptions } from './sandbox/index.ts';
export { recallSymptom } from './feedback/symptom.ts';
export type { Symptom } from './feedback/symptom.ts';
export { symptomsFromTraffic } from './feedback/traffic.ts';
export { privateDir } from './workspace/snapshot.ts';
export { disposeWorkspace, makeWorkspace } from './workspace/make-workspace.ts';
export { prepareAnother, prepareNext } from './workspace/spare.ts';
export type { Workspace, WorkspaceTask } from './workspace/workspace.ts';
