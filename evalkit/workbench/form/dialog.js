// A window over the form: the browser keeps the focus in it, closes it on Escape and dims the rest.

/**
 * Open one. `contents(close)` gives its elements. After it the focus is where `close` was told to
 * put it, or where `back` says, or where it was.
 */
function openDialog(frame, { name, title, contents, back }) {
  const before = document.activeElement;
  const id = `${frame.id}-${name}`;
  const root = h("dialog", { class: "ek-dialog", "data-dialog": name, "aria-labelledby": id });
  let after = back ?? (() => (before?.isConnected ? before : frame.view).focus());
  const close = (next = after) => {
    after = next;
    root.close();
  };
  root.append(h("h2", { id }, title), ...contents(close));
  root.addEventListener("close", () => {
    root.remove();
    after();
  });
  frame.root.append(root);
  root.showModal();
  return root;
}

const actions = (...buttons) => h("div", { class: "ek-actions" }, ...buttons);
