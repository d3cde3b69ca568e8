/** What must be undone on every path out: registered before it is set up, unwound in reverse. */
export class Teardown {
  readonly #steps: (() => void | Promise<void>)[] = [];

  add(step: () => void | Promise<void>): void {
    this.#steps.push(step);
  }

  /** Work that nothing needs to wait for but the end; that it failed is told there. */
  addWork(work: Promise<void>): void {
    const settled = work.then(
      () => null,
      (error: unknown) => ({ error }),
    );
    this.add(async () => {
      const failed = await settled;
      if (failed !== null) throw failed.error;
    });
  }

  /** Runs every step, also after one has failed; the first failure is thrown at the end. */
  async unwind(): Promise<void> {
    let failed: { error: unknown } | null = null;
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop())
      try {
        await step();
      } catch (error) {
        failed ??= { error };
      }
    if (failed !== null) throw failed.error;
  }
}
