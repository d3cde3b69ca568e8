import type { EventOf, HeardOpinion } from '../domain/index.ts';
import { listed, oneLine } from './words.ts';

/** What a second opinion says to a person; `fate` is what it leads to. */
export function opinionLines(
  event: EventOf<'opinion.started'> | EventOf<'opinion.finished'>,
  fate: string,
): readonly string[] {
  if (event.type === 'opinion.started')
    return [
      `${event.unit}: ${listed(event.scenarios.map(oneLine))} failed in two iterations running; another author's check is asked`,
    ];
  return [
    `${event.unit}: second opinion → ${fate}`,
    ...event.opinions.map((opinion) => `    ${oneLine(opinion.scenario)}: ${said(opinion)}`),
  ];
}

/** In words. */
export function said({ check, result, reason }: HeardOpinion): string {
  if (check === null)
    return `there is none, so the first check stands (${oneLine(reason ?? 'no check could be made')})`;
  switch (result?.outcome) {
    case 'failed':
      return 'both checks fail: the product is wrong';
    case 'passed':
      return `the checks disagree: the first fails, the second passes (${check.file})`;
    default:
      return `the second check cannot decide, so the first stands (${oneLine(result?.reason ?? 'no result')})`;
  }
}
