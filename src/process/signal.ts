import { constants } from 'node:os';

const NAMES: ReadonlyMap<number, NodeJS.Signals> = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]),
);

/** The signal behind an exit code of 128 + n, which is how shells and bwrap tell it; null for any other code. */
export const signalOf = (code: number): NodeJS.Signals | null => NAMES.get(code - 128) ?? null;
