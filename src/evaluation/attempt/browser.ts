import type { FrozenCheck } from '../../domain/index.ts';
import type { Driver } from '../child/page.ts';
import type { Bench } from '../settings.ts';

/** What a check needs to start a browser: nothing, unless it opens pages. */
export function browserFor(
  { needsBrowser }: FrozenCheck,
  { browser, sandbox }: Bench,
): { readonly env: Readonly<Record<string, string>>; readonly read: readonly string[] } {
  if (needsBrowser !== true || !browser.ok) return { env: {}, read: [] };
  const { executable, library, read } = browser.value;
  const driver = JSON.stringify({
    executable,
    library,
    // Inside, its temporary folder is gone with it. One of ours would be too deep for its socket, whose path may be short only.
    tidy: sandbox.kind === 'none',
  } satisfies Driver);
  return { env: { FACTORY_BROWSER: driver }, read };
}

/** Why a check cannot be run here; null when it can. It is neither its own fault nor the product's. */
export const lacking = (
  { needsBrowser }: Pick<FrozenCheck, 'needsBrowser'>,
  { browser }: Bench,
): string | null =>
  needsBrowser !== true || browser.ok
    ? null
    : `it needs a browser. ${browser.error.what} ${browser.error.remedy}`;
