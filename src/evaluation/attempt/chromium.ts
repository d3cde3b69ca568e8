import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Problem, Result } from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';

/** A browser for checks, and what drives it. */
export interface Chromium {
  readonly executable: string;
  /** Module of playwright-core to import. */
  readonly library: string;
  /** What a process must see to use both, where it sees nothing but the system's programs. */
  readonly read: readonly string[];
}

/** Where it usually is, the wrappers of distributions last: they start a dozen programs first. */
const PLACES = [
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** Settings that wrappers read, beside the system's programs. */
const SETTINGS = ['/etc/chromium', '/etc/chromium.d', '/etc/chromium-browser', '/etc/opt/chrome'];

const INSTALL =
  'Install Chromium (Debian, Ubuntu: apt-get install chromium; Fedora: dnf install chromium; macOS: brew install --cask chromium), or name one: --browser <path>, IMPLEMENT_FACTORY_BROWSER.';

export interface Search {
  /** A path that somebody named; null: whatever this system has. */
  readonly named: string | null;
  /** The `PATH` of the environment. */
  readonly path: string;
  /** The Node.js executable, beside which global packages are. */
  readonly node: string;
}

/** The browser of this system; nothing is started, and nothing is downloaded. */
export function findChromium({ named, path: folders, node }: Search): Result<Chromium, Problem> {
  const candidates =
    named === null
      ? [
          ...PLACES,
          ...NAMES.flatMap((name) => folders.split(':').map((dir) => path.join(dir, name))),
        ]
      : [named];
  const executable = candidates.find(isExecutable);
  if (executable === undefined)
    return err({
      where: named ?? 'browser',
      what:
        named === null
          ? 'There is no Chromium on this machine.'
          : 'There is no program that can be executed.',
      remedy: INSTALL,
    });
  const library = playwright(node);
  if (library === null)
    return err({
      where: 'playwright-core',
      what: 'What drives the browser is not installed.',
      remedy:
        'Install it beside implement-factory (npm install -g playwright-core; it brings no browser).',
    });
  const own = path.dirname(realpathSync(executable));
  const read = [own, ...SETTINGS, path.dirname(library)].filter(isToBeShown);
  return ok({ executable, library, read });
}

const isToBeShown = (folder: string): boolean =>
  existsSync(folder) &&
  !['/usr', '/bin'].some((shown) => folder === shown || folder.startsWith(`${shown}/`));

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return path.isAbsolute(file);
  } catch {
    // Not there, or not for us: the next place.
    return false;
  }
}

/** From here, or among the packages that were installed globally; the bundled command line has none of its own. */
function playwright(node: string): string | null {
  const global = path.join(path.dirname(node), '..', 'lib', 'node_modules', 'x.js');
  for (const from of [import.meta.url, global]) {
    try {
      const main = createRequire(from).resolve('playwright-core/package.json');
      return path.join(path.dirname(main), 'index.mjs');
    } catch {
      // Not installed there.
    }
  }
  return null;
}
