import { readFile } from 'node:fs/promises';
import { receiptView, type ReceiptView } from '../../report/index.ts';
import { receiptFile } from '../run/receipt.ts';

/** The receipt of a run as reports show it, where the run has left one that this version can read. */
export async function receiptIn(runDir: string): Promise<ReceiptView | null> {
  const text = await readFile(receiptFile(runDir), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return receiptView(JSON.parse(text));
  } catch {
    // Cut short by a crash, or a person's: a report without it is still true.
    return null;
  }
}
