/** Rows in memory, in the order they came. Gone when the process ends, and that is fine. */
export class Table {
  #prefix;
  #rows = new Map();

  /** @param {string} prefix first letter of every id, e.g. `b` */
  constructor(prefix) {
    this.#prefix = prefix;
  }

  /** Keeps the fields as a row of their own and returns it with its new id. */
  add(fields) {
    const row = { id: `${this.#prefix}${this.#rows.size + 1}`, ...fields };
    this.#rows.set(row.id, row);
    return row;
  }

  /** The row, or undefined. */
  get(id) {
    return this.#rows.get(id);
  }

  /** All rows, oldest first. */
  all() {
    return [...this.#rows.values()];
  }
}
