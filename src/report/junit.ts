import { toXml } from 'xast-util-to-xml';
import { x } from 'xastscript';
import { barrierWords } from './barrier.ts';
import type { Digest } from './digest/digest.ts';
import type { ScenarioStory, UnitStory } from './digest/units.ts';
import { percent } from './words.ts';

type Element = Extract<ReturnType<typeof x>, { type: 'element' }>;
type Attributes = Readonly<Record<string, string>>;

const element = (name: string, attributes: Attributes, children: Element[] = []): Element =>
  x(name, clean(attributes), children);

/**
 * JUnit XML as CI systems read it: a suite for each unit, a test case for each scenario, and one more suite for the last gate. A failed
 * scenario is a `failure`; what says nothing about the product (inconclusive, a breached barrier) is an `error`; what was never
 * measured is `skipped`.
 */
export function junitReport(digest: Digest): string {
  const suites = [...digest.units.map((unit) => unitSuite(digest, unit)), ...runSuite(digest)];
  const sum = (key: keyof Counts) =>
    String(suites.reduce((total, { counts }) => total + counts[key], 0));
  const root = element(
    'testsuites',
    {
      name: digest.spec,
      tests: sum('tests'),
      failures: sum('failures'),
      errors: sum('errors'),
      skipped: sum('skipped'),
      time: seconds(digest.timeline.worked),
    },
    suites.map(({ suite }) => suite),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toXml(root, { closeEmptyElements: true })}\n`;
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface Case {
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
  readonly element: Element;
  readonly ms: number;
}

interface Suite {
  readonly suite: Element;
  readonly counts: Counts;
}

function suiteOf(attributes: Attributes, cases: readonly Case[], properties: Attributes): Suite {
  const having = (wanted: Case['result']) => cases.filter(({ result }) => result === wanted).length;
  const counts = {
    tests: cases.length,
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
  };
  const told = Object.entries(properties).map(([name, value]) =>
    element('property', { name, value }),
  );
  const suite = element(
    'testsuite',
    {
      ...attributes,
      tests: String(counts.tests),
      failures: String(counts.failures),
      errors: String(counts.errors),
      skipped: String(counts.skipped),
      time: seconds(cases.reduce((sum, { ms }) => sum + ms, 0)),
    },
    [
      ...(told.length === 0 ? [] : [element('properties', {}, told)]),
      ...cases.map((each) => each.element),
    ],
  );
  return { suite, counts };
}

function unitSuite(digest: Digest, unit: UnitStory): Suite {
  const measured: Attributes =
    unit.satisfaction === null ? {} : { satisfaction: percent(unit.satisfaction) };
  return suiteOf(
    { name: unit.id, timestamp: digest.began },
    unit.scenarios.map((scenario) => scenarioCase(digest, unit, scenario)),
    {
      title: unit.title,
      status: unit.decision,
      group: String(unit.group),
      iterations: String(unit.iteration),
      threshold: percent(digest.threshold),
      ...measured,
      ...(digest.barrier !== null && { barrier: barrierWords(digest.barrier) }),
    },
  );
}

function scenarioCase({ spec }: Digest, unit: UnitStory, scenario: ScenarioStory): Case {
  const ms = scenario.attempts.reduce((sum, attempt) => sum + attempt.ms, 0);
  const outcome = resultOf(unit, scenario);
  const { priority, sealed } = scenario;
  return caseOf(
    { name: scenario.name, classname: `${spec}.${unit.id}` },
    { ...outcome, ms, properties: { priority, ...(sealed && { sealed: 'true' }) } },
  );
}

interface Outcome {
  readonly result: Case['result'];
  readonly type?: string;
  readonly message?: string;
  readonly detail?: string;
}

function resultOf({ earlier }: UnitStory, scenario: ScenarioStory): Outcome {
  const { outcome, attempts, evidence, reason } = scenario;
  const detail = [
    ...attempts.map(
      (attempt, index) =>
        `attempt ${String(index + 1)}: ${attempt.outcome}, on ${attempt.on === 'group' ? "the group's service" : 'a fresh instance'}`,
    ),
    ...(evidence === null ? [] : [`evidence: ${evidence}`]),
  ].join('\n');
  switch (outcome) {
    case 'passed':
      return { result: 'passed' };
    case 'failed':
      return { result: 'failure', type: 'scenario', message: failed(scenario), detail };
    case 'inconclusive':
      return { result: 'error', type: 'inconclusive', message: reason ?? 'inconclusive', detail };
    case null:
      return {
        result: 'skipped',
        message: earlier ? 'completed by an earlier run' : 'not measured',
      };
  }
}

function failed({ attempts }: ScenarioStory): string {
  const count = attempts.filter(({ outcome }) => outcome === 'failed').length;
  return `failed in ${String(count)} of ${String(attempts.length)} attempts`;
}

/** What passes or fails for the product as a whole. */
function runSuite({ spec, gate, outcome, reason }: Digest): readonly Suite[] {
  const classname = `${spec}.run`;
  const steps = gate.map(({ name, outcome: step, detail, reused = false }) =>
    caseOf(
      { name: `gate: ${name}`, classname },
      step === 'passed'
        ? { result: 'passed', ms: 0, ...(reused && { properties: { detail } }) }
        : step === 'failed'
          ? { result: 'failure', type: 'gate', message: detail, ms: 0 }
          : { result: 'skipped', message: detail, ms: 0 },
    ),
  );
  const trip =
    outcome === 'invalid'
      ? [
          caseOf(
            { name: 'barrier', classname },
            { result: 'error', type: 'barrier', message: reason ?? 'tripped', ms: 0 },
          ),
        ]
      : [];
  const cases = [...steps, ...trip];
  return cases.length === 0 ? [] : [suiteOf({ name: `${spec}: run` }, cases, {})];
}

function caseOf(
  attributes: Attributes,
  {
    result,
    type,
    message,
    detail = '',
    ms,
    properties = {},
  }: Outcome & { ms: number; properties?: Attributes },
): Case {
  const told = Object.entries(properties).map(([name, value]) =>
    element('property', { name, value }),
  );
  const verdict =
    result === 'passed'
      ? []
      : [
          x(
            result,
            clean({
              ...(message !== undefined && { message }),
              ...(type !== undefined && { type }),
            }),
            ...(detail === '' ? [] : [valid(detail)]),
          ),
        ];
  return {
    result,
    ms,
    element: element('testcase', { ...attributes, time: seconds(ms) }, [
      ...(told.length === 0 ? [] : [element('properties', {}, told)]),
      ...verdict,
    ]),
  };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const clean = (attributes: Attributes): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, valid(value)]));

/** XML 1.0 knows no other characters, not even escaped. */
const valid = (text: string): string =>
  text.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
