// Messages that ask Python for something and need no queue: nothing of them is a score.

const PATIENCE = 20000; // ms without an answer until the asker is told

/**
 * Send a message and wait for its answer. Resolves to { answer, buffers }; rejects with a text for
 * the reader, as Python refused it or because nobody answered. `event_id` may be given, so that
 * asking again stores nothing twice.
 */
function request(ledger, message) {
  const sent = { event_id: newId(), ...message };
  return new Promise((resolve, reject) => {
    const done = (finish, value) => {
      clearTimeout(timer);
      ledger.model.off("msg:custom", hear);
      finish(value);
    };
    const hear = (answer, buffers) => {
      if (answer.event_id !== sent.event_id) return;
      if (answer.type === "refused") done(reject, answer.message);
      else done(resolve, { answer, buffers });
    };
    const timer = setTimeout(() => done(reject, ledger.t("no_answer")), PATIENCE);
    ledger.model.on("msg:custom", hear);
    ledger.tell(sent);
  });
}
