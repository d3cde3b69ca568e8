/**
 * A program: carries its routes where it has a network of its own, starts the browser of a check that needs one, waits for its turn, runs
 * one check, and says over the message channel how it ended. What a check prints means nothing, and one that ends without a word has said
 * nothing.
 * `node runner.js <check file>`, with `BASE_URL` in the environment when the product has a service.
 */
import { pathToFileURL } from 'node:url';
import { carry } from '../../barrier/network/carry.ts';
import type { Route } from '../../process/index.ts';
import { Channel, Misuse } from './channel.ts';
import { createKit } from './kit.ts';
import type { Driver } from './page.ts';
import { Pages } from './page.ts';
import { ownTrouble, portable } from './portable.ts';
import type { Fault, FromCheck, Go, Reply } from './wire.ts';

const send = process.send?.bind(process) as (message: FromCheck, sent?: () => void) => void;
// The check speaks through its kit only.
delete process.send;
const exit = process.exit.bind(process);

/** Only for a check that needs one. */
const driver = JSON.parse(process.env['FACTORY_BROWSER'] ?? 'null') as Driver | null;
const line = {
  base: process.env['BASE_URL'] ?? null,
  patienceMs: Number(process.env['KIT_PATIENCE_MS'] ?? Infinity),
  client: process.env['KIT_CLIENT'] ?? null,
};
// A check is not to know who it passes for, nor whether it is being calibrated.
delete process.env['KIT_PATIENCE_MS'];
delete process.env['KIT_CLIENT'];
delete process.env['FACTORY_BROWSER'];
const pages = new Pages(driver, line);

let spoken = false;
function conclude(verdict: FromCheck): void {
  if (spoken) return;
  spoken = true;
  void depict().finally(() => send(verdict, () => exit(0)));
}

/** Shows what is on the pages, and closes them. Nobody looks at what the null service shows. */
async function depict(): Promise<void> {
  const pictures = line.patienceMs === Infinity ? await pages.pictures() : [];
  for (const png of pictures) send({ kind: 'picture', png });
  await pages.close();
}

function fail(stage: Fault['stage'], thrown: unknown): void {
  const misuse = thrown instanceof Misuse;
  const { code, actual } = (thrown ?? {}) as { code?: unknown; actual?: unknown };
  const assertion = code === 'ERR_ASSERTION';
  const own = ownTrouble(thrown);
  const fault = {
    stage: misuse ? ('misuse' as const) : stage,
    assertion,
    ...(assertion && isSimple(actual) && { actual }),
    ...(own !== null && { own }),
    error: portable(thrown),
  };
  conclude({ kind: 'verdict', passed: false, fault });
}

const isSimple = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const channel = new Channel((message) => send(message));
const mayGo = new Promise<void>((resolve) => {
  process.on('message', (message: Reply | Go) =>
    message.kind === 'go' ? resolve() : channel.received(message),
  );
});
process.on('disconnect', () => exit(1));
process.on('uncaughtException', (error) => fail('thrown', error));
process.on('unhandledRejection', (error) => fail('thrown', error));

async function main(file: string): Promise<void> {
  let check: unknown;
  const { FACTORY_ROUTES: routes } = process.env;
  delete process.env['FACTORY_ROUTES'];
  if (routes !== undefined) await carry(JSON.parse(routes) as Route[]);
  // Seconds on a busy machine, which are neither the check's nor the product's.
  await pages.prepare();
  send({ kind: 'ready' });
  await mayGo;
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    check = module.default;
    if (typeof check !== 'function') throw new Error('it has no default export that is a function');
  } catch (error) {
    fail('load', error);
    return;
  }
  try {
    await (check as (kit: unknown) => unknown)(createKit(channel, line, pages));
    conclude({ kind: 'verdict', passed: true });
  } catch (error) {
    fail('thrown', error);
  }
}

await main(process.argv[2] ?? '');
