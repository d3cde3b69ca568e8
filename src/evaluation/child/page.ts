import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, BrowserType, Page } from 'playwright-core';
import { Misuse } from './channel.ts';
import type { Line } from './http.ts';
import { urlOf } from './http.ts';

/** The browser that a check may use, and what drives it. */
export interface Driver {
  readonly executable: string;
  /** Path of playwright-core's module. */
  readonly library: string;
  /** What it leaves in the temporary folder stays there unless it is closed. */
  readonly tidy: boolean;
}

export interface PageOptions {
  /** Visitors share nothing: no cookie, no storage. Default: one and the same. */
  readonly visitor?: string;
}

/** Longest wait for what is to appear on a page, and for a page itself, ms. */
const WAIT_MS = 5000;
const LOAD_MS = 15_000;
const START_MS = 20_000;
const CLOSE_MS = 2000;

const SWITCHES = [
  // Pages are not to be served otherwise because nobody looks at them.
  '--disable-blink-features=AutomationControlled',
  // The product is the only place there is, with a wall around it and without.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  '--disable-gpu',
];

/** Pages of the product in one Chromium. */
export class Pages {
  readonly #driver: Driver | null;
  readonly #line: Line;
  #browser: Promise<Browser> | null = null;
  readonly #visitors = new Map<string, Promise<BrowserContext>>();
  readonly #open: Page[] = [];

  constructor(driver: Driver | null, line: Line) {
    this.#driver = driver;
    this.#line = line;
  }

  /** Starts the browser, where there is one; whether that went well is told to whoever opens a page. */
  async prepare(): Promise<void> {
    if (this.#driver !== null) await this.#started().catch(() => undefined);
  }

  /** Rejects with `Misuse` where no browser can be had; that says nothing about the product. */
  async open(path: string, { visitor = '' }: PageOptions = {}): Promise<Page> {
    const url = urlOf(this.#line.base, path);
    const browser = await this.#started();
    const context = this.#visitors.get(visitor) ?? this.#enter(browser);
    this.#visitors.set(visitor, context);
    const page = await (await context).newPage();
    page.on('pageerror', (error) => process.stderr.write(`${path}: ${String(error)}\n`));
    this.#open.push(page);
    await page.goto(url);
    return page;
  }

  /** What is on each open page, as PNG; for a person. */
  async pictures(): Promise<Uint8Array[]> {
    const shots = this.#open
      .filter((page) => !page.isClosed())
      .map((page) => page.screenshot({ timeout: WAIT_MS, animations: 'disabled' }));
    const taken = await Promise.allSettled(shots);
    return taken.flatMap((shot) => (shot.status === 'fulfilled' ? [shot.value] : []));
  }

  /** Ends the browser where that matters; elsewhere it goes with everything around it. */
  async close(): Promise<void> {
    if (this.#driver?.tidy !== true || this.#browser === null) return;
    const browser = await this.#browser.catch(() => null);
    await Promise.race([browser?.close(), sleep(CLOSE_MS)]);
  }

  #started(): Promise<Browser> {
    return (this.#browser ??= this.#start());
  }

  async #start(): Promise<Browser> {
    if (this.#driver === null) throw new Misuse('there is no browser here');
    const { executable, library } = this.#driver;
    try {
      const { chromium } = (await import(pathToFileURL(library).href)) as { chromium: BrowserType };
      return await chromium.launch({
        executablePath: executable,
        // The wall is around it; one in the other does not start.
        chromiumSandbox: false,
        args: SWITCHES,
        timeout: START_MS,
      });
    } catch (error) {
      throw new Misuse(`the browser did not start: ${saidBy((error as Error).message)}`);
    }
  }

  async #enter(browser: Browser): Promise<BrowserContext> {
    const { base, patienceMs } = this.#line;
    const major = browser.version().split('.')[0] ?? '';
    const context = await browser.newContext({
      baseURL: base ?? '',
      // Its own without the word that says that nobody looks at it.
      userAgent: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`,
    });
    context.setDefaultTimeout(Math.min(WAIT_MS, patienceMs));
    context.setDefaultNavigationTimeout(Math.min(LOAD_MS, patienceMs * 5));
    return context;
  }
}

/** What the browser itself said last, in the log that the library adds to its own words. */
function saidBy(message: string): string {
  const said = [...message.matchAll(/\[err\] (.+)/g)].map(([, line = '']) => line);
  const fatal = said.find((line) => /FATAL|Trace\/breakpoint/.test(line));
  if (fatal !== undefined) return fatal;
  return said.length === 0 ? (message.split('\n')[0] ?? '') : said.slice(-2).join(' ');
}
