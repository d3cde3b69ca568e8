declare const minted: unique symbol;

/** One line that may reach a code agent. Only this room makes one: `string` is not assignable to it. */
export type Symptom = string & { readonly [minted]: true };

/** Longest symptom, in characters. */
export const SYMPTOM_LENGTH = 160;

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;

/** Mints a line. Kept to this room: everything outside goes through a function that decides what may be said. */
export const mint = (line: string): Symptom => {
  const plain = line.replace(CONTROL, ' ').replace(/\s+/gu, ' ').trim();
  const cut = Array.from(plain).slice(0, SYMPTOM_LENGTH).join('').trimEnd();
  return cut as Symptom;
};

/** Re-admits a line from the journal, where only minted lines are written. Null when it has not the form of one. */
export function recallSymptom(line: string): Symptom | null {
  return line !== '' && mint(line) === line ? (line as Symptom) : null;
}
