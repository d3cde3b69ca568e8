import { cp, mkdir, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** What of a repository on GitHub outlives its jobs: caches by key and artefacts by name, played by folders. */
export class Store {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Folder of an artefact. */
  artefact(name: string): string {
    return join(this.#dir, 'artefacts', name);
  }

  /** Does what one of the official actions does, in a checkout; answers with what came of it. */
  async use(
    action: string,
    inputs: Readonly<Record<string, string>>,
    checkout: string,
  ): Promise<string> {
    const { path = '', key = '', name = '', 'restore-keys': prefix = '' } = inputs;
    const place = isAbsolute(path) ? path : join(checkout, path);
    switch (action) {
      case 'actions/cache/restore@v4': {
        const found = await this.#newest(prefix);
        if (found !== undefined) await cp(this.#cache(found), place, { recursive: true });
        return found ?? 'nothing';
      }
      case 'actions/cache/save@v4':
        if (existsSync(this.#cache(key))) throw new Error(`a cache is written once: ${key}`);
        await mkdir(join(this.#dir, 'caches'), { recursive: true });
        if (existsSync(place)) await cp(place, this.#cache(key), { recursive: true });
        return key;
      case 'actions/upload-artifact@v4':
        if (existsSync(place)) await cp(place, this.artefact(name), { recursive: true });
        return name;
      default:
        throw new Error(`not played: ${action}`);
    }
  }

  /** The latest cache whose key begins so; jobs of these tests count up. */
  async #newest(prefix: string): Promise<string | undefined> {
    const dir = join(this.#dir, 'caches');
    const keys = existsSync(dir) ? await readdir(dir) : [];
    return keys
      .filter((key) => key.startsWith(prefix))
      .toSorted()
      .at(-1);
  }

  #cache(key: string): string {
    return join(this.#dir, 'caches', key);
  }
}
