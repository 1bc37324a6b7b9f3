// Leaving a shared computer: nothing of the expert stays in this browser.

function openClear(frame) {
  const { t, ledger } = frame;
  const waiting = ledger.pending.size + [...ledger.drafts.values()].length;
  const contents = (close) => [
    h("p", {}, t("clear_note")),
    ...(waiting ? [h("p", { class: "ek-why" }, t("clear_loses", { n: waiting }))] : []),
    actions(button(waiting ? "ek-danger" : "ek-solid", t("clear_now"), () => clearAll(frame, close)), button("", t("cancel"), () => close())),
  ];
  const root = openDialog(frame, { name: "clear", title: t("clear"), contents });
  root.querySelector(".ek-actions button:last-child").focus();
}

function clearAll(frame, close) {
  const { ledger, look } = frame;
  for (const map of [ledger.pending, ledger.drafts, ledger.lapsed, ledger.marked]) map.clear();
  for (const store of [ledger.queue, ledger.session, ledger.marks, look.store]) store.empty();
  frame.cleared = true;
  ledger.changed();
  close(() => frame.say("cleared_said"));
}

TOOLS.push({ name: "clear", order: 60, title: "clear", act: openClear, more: true });
