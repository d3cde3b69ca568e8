import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunFact } from '../../src/domain/index.ts';
import { findChromium } from '../../src/evaluation/index.ts';
import { digestOf, htmlReport, receiptView } from '../../src/report/index.ts';
import { coded, evaluated, firstGroup, journal } from './rig.ts';

const NASTY =
  '<img src="http://127.0.0.1:9/x" onerror="document.title=1">"\'&</style><script>1</script>';

/** Has something of everything, and text that would like to be markup. */
const FACTS: readonly RunFact[] = [
  ...firstGroup,
  { type: 'group.started', group: 2 },
  ...coded('api'),
  ...evaluated('api', 1, { health: 'failed' }),
  { type: 'run.noted', message: NASTY },
  { type: 'run.stopped', reason: 'signal', detail: NASTY },
  { type: 'run.resumed' },
  { type: 'run.stopped', reason: 'infra', detail: NASTY },
];

/** One pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const receipt = receiptView({
  version: 1,
  outcome: 'unfinished',
  events: 3,
  barrier: { tier: 'bwrap' },
  inputs: {},
  changed: [],
  audits: [],
  feedback: [],
  findings: [],
  objections: [{ what: NASTY, where: 'x' }],
});

function pageOf(facts: readonly RunFact[]): string {
  const events = journal(facts).map((event, index) => ({
    ...event,
    at: new Date(index * 5000).toISOString(),
  }));
  const [first, ...rest] = events;
  if (first?.type !== 'run.started') throw new Error('no beginning');
  const made = digestOf([{ ...first, plan: { ...first.plan, title: `${NASTY} \`x\`` } }, ...rest], {
    receipt,
  });
  if (made === null) throw new Error('nothing to digest');
  const units = made.digest.units.map(({ scenarios, ...unit }) => ({
    ...unit,
    scenarios: scenarios.map((each) => ({ ...each, evidence: 'seen.json' })),
  }));
  const picture = { file: `${NASTY}.png`, attempt: 3, outcome: 'failed', png: PNG } as const;
  return htmlReport({ ...made.digest, units }, new Map([['seen.json', [picture]]]));
}

test('the page has no script, asks nobody for anything, and keeps text as text', () => {
  const html = pageOf(FACTS);
  expect(html).not.toMatch(/<(script|iframe|object|embed|form)\b/i);
  const tags = html.match(/<[^>]*>/g)?.join('') ?? '';
  expect(tags.match(/(?:src|href)="(?!#|data:,"|data:image\/png;base64,[\w+/=]*")[^"]*"/g)).toBe(
    null,
  );
  // Pictures are in it, each with words for those who do not see it.
  expect(tags.match(/<img [^>]*>/g)?.[0]).toMatch(
    / alt="The page at the end of [^"]+, attempt 3, failed"/,
  );
  expect(html).not.toMatch(/url\(|@import/);
});

const system = findChromium({
  named: null,
  path: process.env['PATH'] ?? '',
  node: process.execPath,
});
const executable = system.ok ? system.value.executable : undefined;

const looks = {
  'in the light': { colorScheme: 'light', viewport: { width: 1200, height: 900 } },
  'in the dark': { colorScheme: 'dark', viewport: { width: 1200, height: 900 } },
  'on a phone': { colorScheme: 'light', viewport: { width: 360, height: 740 } },
} satisfies Record<string, BrowserContextOptions>;

describe.skipIf(executable === undefined)(
  'the page in Chromium (skipped where there is none)',
  () => {
    let browser: Browser;
    const folder = mkdtempSync(join(tmpdir(), 'report-test-'));
    const file = join(folder, 'report.html');

    beforeAll(async () => {
      writeFileSync(file, pageOf(FACTS));
      browser = await chromium.launch({
        ...(executable !== undefined && { executablePath: executable }),
        // It shows one page of our own; in containers, where tests run as root, its sandbox does not start.
        args: ['--no-sandbox'],
      });
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function opened(look: BrowserContextOptions): Promise<{ page: Page; asked: string[] }> {
      const context = await browser.newContext(look);
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      return { page, asked };
    }

    test.each(Object.entries(looks))(
      '%s: accessible, nothing asked for, nothing wider than the screen',
      async (_, look) => {
        const { page, asked } = await opened(look);
        expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
        expect(await page.title()).toBe('001-bookshelf: stopped');
        expect(await page.textContent('h1')).toBe(`${NASTY} x`);
        expect(await page.textContent('h1 code')).toBe('x');
        expect(
          await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          ),
        ).toBe(0);
        await page.evaluate(
          'document.querySelectorAll("details").forEach((each) => { each.open = true; })',
        );
        await page.evaluate(axe.source);
        const found = (await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))',
        )) as string[];
        expect(found).toEqual([]);
      },
    );

    test('by keyboard: first the way past everything, then every link and box', async () => {
      const { page } = await opened(looks['on a phone']);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      const summary = page.locator('#timeline summary');
      await summary.focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('#timeline details table').isVisible()).toBe(true);
    });
  },
);
