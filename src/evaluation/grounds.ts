import type { Infra, Result } from '../domain/index.ts';
import type { Ground } from './attempt.ts';
import { NoProduct } from './product.ts';
import type { RecordingProxy } from './proxy.ts';
import { createProxy } from './proxy.ts';

/** A product that somebody serves. */
export interface ServedProduct {
  readonly port: number;
  readonly url: string;
  /** Its tree. */
  readonly dir: string;
}

export interface ProductSource {
  /** The tree of the product at a commit, dependencies installed; read only. */
  product(commit: string): Promise<Result<{ readonly dir: string }, Infra>>;
  /** A fresh instance with its own tree and port for the time of `use`. */
  withProduct<T>(
    commit: string,
    use: (product: ServedProduct) => Promise<T>,
  ): Promise<Result<T, Infra>>;
}

/** The places where attempts of one evaluation can happen. */
export interface Grounds {
  /** No service: each attempt has the product's tree for itself. */
  alone(on: Ground['on']): Ground;
  /** The group's service, for one attempt at a time. */
  shared<T>(use: (ground: Ground) => Promise<T>): Promise<T>;
  /** A fresh instance behind a proxy of its own. */
  side<T>(commit: string, use: (ground: Ground) => Promise<T>): Promise<Result<T, Infra>>;
}

/** One turn after the other, whoever waits. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  pass<T>(use: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(use, use);
    this.#last = turn;
    return turn;
  }
}

export function groundsOf(place: {
  readonly commit: string;
  readonly source: ProductSource;
  readonly proxy: RecordingProxy;
  readonly turnstile: Turnstile;
}): Grounds {
  const { commit, source, proxy, turnstile } = place;
  let found: Promise<string> | null = null;
  const tree = (): Promise<string> => {
    found ??= source.product(commit).then((made) => {
      if (!made.ok) throw new NoProduct(made.error.detail);
      return made.value.dir;
    });
    return found;
  };
  return {
    alone: (on) => ({ on, proxy: null, tree }),
    shared: (use) => turnstile.pass(() => use({ on: 'group', proxy, tree })),
    side: (at, use) => source.withProduct(at, (served) => behindOwnProxy(served, use)),
  };
}

async function behindOwnProxy<T>(
  { url, port, dir }: ServedProduct,
  use: (ground: Ground) => Promise<T>,
): Promise<T> {
  const proxy = await createProxy();
  try {
    proxy.point({ host: new URL(url).hostname.replaceAll(/[[\]]/g, ''), port });
    return await use({ on: 'side', proxy, tree: () => Promise.resolve(dir) });
  } finally {
    await proxy.close();
  }
}
