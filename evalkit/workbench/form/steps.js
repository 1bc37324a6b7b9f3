// Undo and redo over all fields. A step back is a change like any other: a new event in the log.

class Steps {
  constructor(ledger) {
    Object.assign(this, { ledger, done: [], undone: [] });
  }

  /** Ask for cells to be stored, as one step: [field, wanted] pairs. */
  take(pairs) {
    const { ledger } = this;
    const changes = pairs.map(([field, after]) => ({ field, before: content(ledger.wanted(field.key)), after }));
    for (const { field, after } of changes) ledger.request(field, after);
    const real = changes.filter(({ before, after }) => !same(before, after));
    if (!real.length) return;
    this.done.push(real);
    this.undone = [];
  }

  undo() {
    return this.turn(this.done, this.undone, "after", "before");
  }

  redo() {
    return this.turn(this.undone, this.done, "before", "after");
  }

  /**
   * Go from one side of the last step to the other; the changes that this made, null without a step.
   * What is no longer as the step left it (another window, a submitted sheet) stays as it is.
   */
  turn(from, onto, here, there) {
    const { ledger } = this;
    const step = from.pop();
    if (!step) return null;
    const still = step.filter(({ field, [here]: expected }) => {
      return !ledger.closed(field.applicant) && same(content(ledger.wanted(field.key)), expected);
    });
    for (const { field, [there]: wanted } of still) ledger.request(field, wanted);
    if (still.length) onto.push(still);
    ledger.changed();
    return still.map(({ field, [there]: now }) => ({ field, now }));
  }
}
