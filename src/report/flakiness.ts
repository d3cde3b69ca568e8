import type { Attempt, ScenarioResult } from '../domain/index.ts';
import { indented } from './words.ts';

/** How often a scenario passed on one and the same product. */
export interface Trials {
  readonly passed: number;
  readonly total: number;
}

/** Attempts that could tell: a broken check tells nothing of the product. */
export function trialsOf(results: readonly Pick<ScenarioResult, 'attempts'>[]): Trials {
  const told = results.flatMap(({ attempts }) => attempts).filter(tells);
  return { passed: told.filter(({ outcome }) => outcome === 'passed').length, total: told.length };
}

/** It passed and failed on the same product. */
export function isFlaky(result: Pick<ScenarioResult, 'attempts'>): boolean {
  const { passed, total } = trialsOf([result]);
  return passed > 0 && passed < total;
}

/** `passed 2 of 3`. */
export const flakiness = (result: Pick<ScenarioResult, 'attempts'>): string => {
  const { passed, total } = trialsOf([result]);
  return `passed ${String(passed)} of ${String(total)}`;
};

/** A line for each scenario that was. */
export const flakyLines = (results: readonly ScenarioResult[]): readonly string[] =>
  results
    .filter(isFlaky)
    .map((result) => indented(`flaky: ${result.name} ${flakiness(result)} attempts`));

const tells = ({ outcome }: Attempt): boolean => outcome !== 'broken';
