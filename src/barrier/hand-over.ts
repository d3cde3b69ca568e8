import { own } from './sandbox/index.ts';
import type { Repository } from './store.ts';

/** Gives folders, and all that is in them, to the user that processes in the sandbox run as, where that is another than ours. */
export const handOver = ({ sandbox }: Repository, paths: readonly string[]): Promise<void> =>
  own(sandbox, paths);
