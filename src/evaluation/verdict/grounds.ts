import type { Socket } from 'node:net';
import type { Infra, Result } from '../../domain/index.ts';
import type { Ground } from '../attempt/attempt.ts';
import type { ProductFiles } from '../product/copy.ts';
import { NoProduct } from '../product/copy.ts';
import type { RecordingProxy } from '../proxy/proxy.ts';
import { createProxy } from '../proxy/proxy.ts';

/** A product that somebody serves. */
export interface ServedProduct {
  readonly port: number;
  readonly url: string;
  /** Its tree. */
  readonly dir: string;
  /** What else its programs must see. */
  readonly read?: readonly string[];
  /** The only way to the port where it is one inside a sandbox. */
  readonly connect?: () => Promise<Socket>;
}

export interface ProductSource {
  /** The tree of the product at a commit, dependencies installed; read only. */
  product(commit: string): Promise<Result<ProductFiles, Infra>>;
  /** A fresh instance with its own tree and port for the time of `use`. */
  withProduct<T>(
    commit: string,
    use: (product: ServedProduct) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<Result<T, NotServed>>;
}

/** Why there is no instance; with a symptom where the product is to blame. */
export interface NotServed extends Infra {
  readonly symptom?: string | null;
}

/** The places where attempts of one evaluation can happen. */
export interface Grounds {
  /** No service: each attempt has the product's tree for itself. */
  alone(on: Ground['on']): Ground;
  /** The group's service, for one attempt at a time. */
  shared(): Ground;
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

/** A service that attempts share, one after the other. */
export interface SharedService {
  readonly proxy: RecordingProxy;
  readonly turnstile: Turnstile;
  /** Where the service behind the proxy runs. */
  readonly served: () => ProductFiles | null;
  /** Whose it is; the group's unless it says otherwise. */
  readonly on?: Ground['on'];
}

export function groundsOf(
  place: SharedService & {
    readonly commit: string;
    readonly source: ProductSource;
    readonly socketPath: (() => string) | undefined;
  },
): Grounds {
  const { commit, source, proxy, turnstile, served, socketPath, on = 'group' } = place;
  let found: Promise<ProductFiles> | null = null;
  const tree = (): Promise<ProductFiles> => {
    found ??= source.product(commit).then((made) => {
      if (!made.ok) throw new NoProduct(made.error.detail);
      return made.value;
    });
    return found;
  };
  return {
    alone: (where) => ({ on: where, proxy: null, tree }),
    shared: () => ({ on, proxy, tree, served, inTurn: (use) => turnstile.pass(use) }),
    side: (at, use) => onInstance({ source, commit: at, socketPath }, use),
  };
}

/** Runs `use` on a fresh instance behind a proxy of its own, both gone when this settles. */
export const onInstance = <T>(
  of: {
    readonly source: Pick<ProductSource, 'withProduct'>;
    readonly commit: string;
    readonly socketPath: (() => string) | undefined;
    readonly signal?: AbortSignal;
  },
  use: (ground: Served) => Promise<T>,
): Promise<Result<T, NotServed>> =>
  of.source.withProduct(
    of.commit,
    async (served) => {
      const proxy = await createProxy(of.socketPath?.());
      return behindProxy({ proxy, served }, use);
    },
    of.signal,
  );

/** A ground that has a service. */
export interface Served extends Ground {
  readonly proxy: RecordingProxy;
  readonly served: () => ProductFiles;
}

/** An instance behind a proxy that is its own, and gone when this settles. */
async function behindProxy<T>(
  { proxy, served }: { readonly proxy: RecordingProxy; readonly served: ServedProduct },
  use: (ground: Served) => Promise<T>,
): Promise<T> {
  const { url, port, connect } = served;
  const way = connect === undefined ? {} : { connect };
  try {
    proxy.point({ host: new URL(url).hostname.replaceAll(/[[\]]/g, ''), port, ...way });
    return await use({
      on: 'side',
      proxy,
      tree: () => Promise.resolve(served),
      served: () => served,
    });
  } finally {
    await proxy.close();
  }
}
