/** A roll of numbers from 1. */
export class Roll {
  #last = 0;

  /** Tears off the next one. */
  next() {
    this.#last += 1;
    return this.#last;
  }
}
