import { Roll } from './roll.js';

/** One day at the window. */
export class Day {
  #roll = new Roll();
  #names = new Set();

  /** `{ status, json, headers }` for a name that asks for a ticket. */
  draw(name) {
    if (typeof name !== 'string' || name.trim() === '') return refusal(400, 'A name is needed.');
    if (this.#names.has(name)) return refusal(409, `${name} has a ticket already.`);
    this.#names.add(name);
    return { status: 201, json: { number: this.#roll.next(), name }, headers: {} };
  }
}

const refusal = (status, error) => ({ status, json: { error }, headers: {} });
