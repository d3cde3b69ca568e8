import { Roll } from './roll.js';

const WINDOW_MS = 60_000;
const MOST = 3;

/** One day at the window. */
export class Day {
  #roll = new Roll();
  #names = new Set();
  #drawn = [];

  /** `{ status, json, headers }` for a name that asks for a ticket at a time, ms. */
  draw(name, now) {
    if (typeof name !== 'string' || name.trim() === '') return refusal(400, 'A name is needed.');
    if (this.#names.has(name)) return refusal(409, `${name} has a ticket already.`);
    this.#drawn = this.#drawn.filter((at) => now - at < WINDOW_MS);
    if (this.#drawn.length >= MOST) {
      const wait = Math.ceil((this.#drawn[0] + WINDOW_MS - now) / 1000);
      return refusal(429, 'The window is crowded.', { 'retry-after': String(Math.max(1, wait)) });
    }
    this.#drawn.push(now);
    this.#names.add(name);
    return { status: 201, json: { number: this.#roll.next(), name }, headers: {} };
  }
}

const refusal = (status, error, headers = {}) => ({ status, json: { error }, headers });
