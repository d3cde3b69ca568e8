/**
 * Reports: events and states as text for people and programs. May import domain. Never steers a run, never reads a clock or a file,
 * never writes anywhere but to what it is given.
 */
export { afterAnswers, askedQuestions } from './answered.ts';
export type { AskedQuestion } from './answered.ts';
export { auditText, receiptSchema } from './audit.ts';
export { bellReporter } from './bell.ts';
export { callOf } from './calls.ts';
export { chronicleOf } from './chronicle.ts';
export type { Chronicle } from './chronicle.ts';
export { checksJson, checksText } from './checks.ts';
export type { ChecksView } from './checks.ts';
export { historiesOf } from './histories.ts';
export { decisionWords } from './decided.ts';
export { diagnosticsJson, diagnosticsText, problemText } from './diagnostics.ts';
export type { DiagnosticsOptions } from './diagnostics.ts';
export { digestOf } from './digest/digest.ts';
export type { Digested } from './digest/digest.ts';
export { DigestJson, reportSchema } from './digest/schema.ts';
export { receiptView } from './digest/receipt.ts';
export type { ReceiptView } from './digest/receipt.ts';
export { EvidenceFile } from './evidence.ts';
export { toldTo, unitText } from './explain-unit.ts';
export type { Explained } from './explain-unit.ts';
export { explainPlan } from './explain.ts';
export type { PlanExtras } from './explain.ts';
export { annotationLine, faultAnnotation, runAnnotations } from './github.ts';
export type { Annotation } from './github.ts';
export { htmlReport } from './html/page.ts';
export type { Picture, Pictures } from './html/pictures.ts';
export { junitReport } from './junit.ts';
export { createLiveReporter } from './live.ts';
export type { LiveOptions, LiveReporter } from './live.ts';
export { answersTo, runCommand } from './judgement.ts';
export { liveView } from './live-view.ts';
export type { Screen } from './live-view.ts';
export { markdownReport } from './markdown.ts';
export { eventSchema, ndjsonReporter } from './ndjson.ts';
export { plainReporter } from './plain.ts';
export { multiplex } from './reporter.ts';
export type { Moment, Publisher, Reporter } from './reporter.ts';
export { unstarted } from './run-view.ts';
export type { RunView } from './run-view.ts';
export { statusText } from './status.ts';
export type { StatusOptions } from './status.ts';
export { StatusJson, statusJson } from './status-json.ts';
export type { SummaryExtras } from './summary.ts';
export { aligned } from './table.ts';
