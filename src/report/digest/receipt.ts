import { z } from 'zod';

/** What a report shows of a run's `receipt.json`; whatever else is in there stays there. */
const ReceiptFile = z.object({
  outcome: z.string(),
  events: z.int(),
  barrier: z.object({ tier: z.string() }),
  inputs: z.record(z.string(), z.string()),
  changed: z.array(z.string()),
  audits: z.array(z.object({ base: z.string() })),
  feedback: z.array(
    z.object({ unit: z.string(), lines: z.int(), bits: z.number(), guided: z.int() }),
  ),
  findings: z.array(z.object({ unit: z.string(), where: z.string(), holdout: z.string() })),
  objections: z.array(z.object({ what: z.string(), where: z.string() })),
});

/** The receipt of a run as reports show it. */
export interface ReceiptView extends Omit<z.infer<typeof ReceiptFile>, 'inputs' | 'audits'> {
  /** How many files the run was measured by. */
  readonly inputs: number;
  /** How many base commits were audited. */
  readonly audits: number;
}

/** Reads the parsed `receipt.json` of a run; null when it is none that this version knows. */
export function receiptView(json: unknown): ReceiptView | null {
  const parsed = ReceiptFile.safeParse(json);
  if (!parsed.success) return null;
  const { inputs, audits, ...rest } = parsed.data;
  return { ...rest, inputs: Object.keys(inputs).length, audits: audits.length };
}
