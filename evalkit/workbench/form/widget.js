// What anywidget calls. sheet.py is the other end of the messages; every visible text is in the
// view that it sends.

/** What a view shows apart from scores and states; a change of it builds the form anew. */
function shapeOf({ locked, applicants, ...rest }) {
  return JSON.stringify([rest, applicants.map(({ cells, submitted, receipt, ...others }) => others)]);
}

export default {
  render({ model, el }) {
    const frame = new Frame(model, el);
    const { ledger } = frame;
    const adopt = () => frame.adopt(model.get("view"));
    const receive = (answer) => ledger.receive(answer);
    const leave = () => frame.view.leave?.(); // what is typed goes on its way before the page goes
    const watch = () => {
      ledger.retry(RETRY);
      frame.connection.watch();
      if (ledger.pending.size) frame.update();
    };
    model.on("change:view", adopt);
    model.on("msg:custom", receive);
    window.addEventListener("pagehide", leave);
    const timer = setInterval(watch, 500);
    ledger.tell({ type: "refresh" }); // a page that is shown again may hold an old view
    if (document.activeElement === document.body) requestAnimationFrame(() => frame.view.focus());
    return () => {
      frame.end();
      clearInterval(timer);
      window.removeEventListener("pagehide", leave);
      model.off("change:view", adopt);
      model.off("msg:custom", receive);
    };
  },
};
