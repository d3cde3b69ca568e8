const BLANK = 0x20;

/** Of a text of ASCII: letters and digits, in lower case, with single blanks between. Byte by byte, as a pattern takes twenty times as long. */
export function squeezed(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  let end = 0;
  for (const byte of bytes) {
    const said = lower(byte);
    if (said === BLANK && (end === 0 || bytes[end - 1] === BLANK)) continue;
    bytes[end] = said;
    end += 1;
  }
  if (bytes[end - 1] === BLANK) end -= 1;
  return bytes.toString('latin1', 0, end);
}

/** The byte of a letter or digit; a blank for all else. */
function lower(byte: number): number {
  if (byte >= 0x61 && byte <= 0x7a) return byte;
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20;
  return byte >= 0x30 && byte <= 0x39 ? byte : BLANK;
}

/** Whether a text holds a word of ASCII that may be spelled out. */
export function holdsSpelled(text: string, word: string): boolean {
  const bytes = Buffer.from(text);
  let end = 0;
  for (const byte of bytes)
    if (byte !== BLANK) {
      bytes[end] = byte;
      end += 1;
    }
  return bytes.subarray(0, end).includes(word);
}
