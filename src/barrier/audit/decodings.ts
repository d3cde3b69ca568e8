/** Text decoded at most from one text: more is data. */
const MOST = 2 * 1024 * 1024;

/** Begins with a long run; what follows may be its shorter last line, or words that decode to rubbish behind it. */
const BASE64 = /[A-Za-z0-9+/_-]{40,}(?:\s{1,4}[A-Za-z0-9+/_-]{2,})*={0,2}/g;
const HEX = /(?:[0-9a-fA-F]{2}[\s:]?){40,}/g;

/** What a text says once the usual encodings are taken off: base64 and hexadecimal. */
export function decodings(text: string): readonly string[] {
  const base64 = matches(text, BASE64).map((run) => Buffer.from(run, 'base64').toString('utf8'));
  const hex = matches(text, HEX).map((run) =>
    Buffer.from(run.replace(/[^0-9a-fA-F]/g, ''), 'hex').toString('utf8'),
  );
  return [...base64, ...hex];
}

function matches(text: string, pattern: RegExp): readonly string[] {
  let left = MOST;
  return (text.match(pattern) ?? []).filter((run) => (left -= run.length) > 0);
}
