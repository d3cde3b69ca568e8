/**
 * Evaluation: scenarios and stubs become frozen checks, checks become attempts, attempts become verdicts. Imports the domain, the
 * types of the barrier and the process room; never reads a project's source into a check, never takes an agent's word for a
 * number, never tells a code agent anything except through the barrier's symptoms.
 */
export { createProxy } from './proxy/proxy.ts';
export type { RecordingProxy } from './proxy/proxy.ts';
export type { Address } from './proxy/target.ts';
export { authorAnswerSchema } from './checks/answer.ts';
export type { Author, AuthorInput, Refused } from './checks/author.ts';
export { createAside } from './verdict/aside.ts';
export type { Aside, AsideOptions } from './verdict/aside.ts';
export { findChromium } from './attempt/chromium.ts';
export type { Chromium } from './attempt/chromium.ts';
export { createCompiler } from './checks/compiler.ts';
export type { CompilerOptions } from './checks/compiler.ts';
export { createEvaluator } from './verdict/evaluator.ts';
export type { EvaluatorOptions } from './verdict/evaluator.ts';
export { lawAnswerSchema } from './constitution/judge.ts';
export type { LawInput, LawJudge } from './constitution/judge.ts';
export { lawOf } from './constitution/law.ts';
export type { ChangedText, LawOptions } from './constitution/law.ts';
export { createGate } from './gate/gate.ts';
export type { GateGround, Lawfulness } from './gate/inquiry.ts';
export type { ProductSource, ServedProduct } from './verdict/grounds.ts';
export { createReportEvaluator } from './live/live.ts';
export type { Judge, JudgeInput, ReportEvaluatorOptions } from './live/live.ts';
export { freezeRevision } from './checks/revise.ts';
export type { Revision } from './checks/revise.ts';
export { createSecondOpinion } from './checks/second.ts';
export { verify } from './gate/verify.ts';
export type { VerifyResult } from './gate/verify.ts';
export type { Bench } from './settings.ts';
export type { Exchange, Recording } from './proxy/traffic.ts';
