/** The public face of the package: one line for each file of `src/` that offers something. */
export { countText } from './count.js';
export { topWords } from './rank.js';
export { plainText } from './markdown.js';
