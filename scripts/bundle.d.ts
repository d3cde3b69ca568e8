/** Makes `dist/bundle/` of what is in `src/`. */
export function bundleParts(): Promise<void>;
