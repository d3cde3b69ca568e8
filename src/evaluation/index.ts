/**
 * Evaluation: scenarios and stubs become frozen checks, checks become attempts, attempts become verdicts. Imports the domain, the
 * types of the barrier and the process room; never reads a project's source into a check, never takes an agent's word for a
 * number, never tells a code agent anything except through the barrier's symptoms.
 */
export { createProxy } from './proxy.ts';
export type { RecordingProxy } from './proxy.ts';
export type { Address } from './target.ts';
export { authorAnswerSchema } from './answer.ts';
export type { Author, AuthorInput, Refused } from './author.ts';
export { createAside } from './aside.ts';
export type { Aside, AsideOptions } from './aside.ts';
export { findChromium } from './chromium.ts';
export type { Chromium } from './chromium.ts';
export { createCompiler } from './compiler.ts';
export type { CompilerOptions } from './compiler.ts';
export { createEvaluator } from './evaluator.ts';
export type { EvaluatorOptions } from './evaluator.ts';
export { lawAnswerSchema } from './constitution/judge.ts';
export type { LawInput, LawJudge } from './constitution/judge.ts';
export { lawOf } from './constitution/law.ts';
export type { ChangedText, LawOptions } from './constitution/law.ts';
export { createGate } from './gate/gate.ts';
export type { GateGround, Lawfulness } from './gate/inquiry.ts';
export type { ProductSource, ServedProduct } from './grounds.ts';
export { createReportEvaluator } from './live.ts';
export type { Judge, JudgeInput, ReportEvaluatorOptions } from './live.ts';
export { freezeRevision } from './revise.ts';
export type { Revision } from './revise.ts';
export { createSecondOpinion } from './second.ts';
export { verify } from './verify.ts';
export type { VerifyResult } from './verify.ts';
export type { Bench } from './settings.ts';
export type { Exchange, Recording } from './traffic.ts';
