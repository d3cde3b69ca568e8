import { resolve } from 'node:path';
import {
  err,
  type Problem,
  type Result,
  type RunState,
  type Spec,
  type Stubs,
  type UnitId,
} from '../../domain/index.ts';
import { findChromium, type Chromium } from '../../evaluation/index.ts';
import type { Settings } from '../settings/settle.ts';
import type { World } from '../world.ts';

/** The browser for checks: the one that was named, else this system's; an error where there is none, or where `none` is wanted. */
export const browserOf = (world: World, named: string | null): Result<Chromium, Problem> =>
  named === 'none'
    ? err({
        where: '--browser none',
        what: 'Browsers are switched off.',
        remedy: 'Leave --browser none out, or name one.',
      })
    : findChromium({
        named: named && resolve(world.cwd, named),
        path: world.env['PATH'] ?? '',
        node: world.node,
      });

/** Frameworks whose tests drive a browser. */
const IN_BROWSER = /playwright|puppeteer|cypress|selenium|webdriver|nightwatch|testcafe|capybara/i;

interface Provided {
  readonly browser: Result<Chromium, Problem>;
  readonly settings: Settings;
  readonly spec: Spec;
  readonly stubs: ReadonlyMap<UnitId, Stubs>;
}

/**
 * Whether it is known from the beginning that scenarios cannot be measured for want of a browser: by their stubs, or by checks that this
 * run froze already. What turns out later makes a scenario inconclusive.
 */
export function lacksBrowser(
  { browser, settings, spec, stubs }: Provided,
  state: RunState | null,
): Problem | null {
  if (browser.ok || settings.browser === 'none' || settings.evaluation === 'report') return null;
  const asks = state?.units.find(
    ({ checks }) =>
      checks.kind === 'frozen' && checks.checks.some(({ needsBrowser }) => needsBrowser === true),
  );
  const written = [...stubs].find(([, { framework }]) => IN_BROWSER.test(framework ?? ''));
  const where =
    asks?.id ??
    (written === undefined ? undefined : (spec.stubFiles.get(written[0]) ?? written[0]));
  if (where === undefined) return null;
  return {
    where,
    what: `Its scenarios are checked in a browser. ${browser.error.what}`,
    remedy: `${browser.error.remedy} Without one: --browser none, and those scenarios stay inconclusive.`,
  };
}
