const PATTERNS: readonly RegExp[] = [
  /(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d{2,5})\b/i,
  /\bport\b\W{0,4}(?:is\s|of\s|number\s)?\W{0,2}(\d{2,5})\b/i,
  /--port[ =](\d{2,5})\b/,
  /\s-p[ =]?(\d{2,5})\b/,
  /\bPORT\b['"\]]*\s*(?:\|\||\?\?|:-|=|,)\s*['"]?(\d{2,5})\b/,
  /\.listen\(\s*(\d{2,5})\b/,
  /["']:(\d{4,5})["']/,
];

/** The port a text speaks of, by the surest way of saying it; null when it speaks of none. */
export function portIn(text: string): number | null {
  for (const pattern of PATTERNS) {
    const port = Number(pattern.exec(text)?.[1] ?? 0);
    if (port >= 1 && port <= 65_535) return port;
  }
  return null;
}
