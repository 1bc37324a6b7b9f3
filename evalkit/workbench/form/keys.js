// Keys that work wherever the focus is in the form; the help lists them.

const CHORDS = {
  "Ctrl+KeyS": (frame) => frame.view.leave?.(), // everything is saved anyway: no "save page as"
  "Ctrl+KeyY": (frame) => frame.step("redo"),
  "Ctrl+Shift+KeyZ": (frame) => frame.step("redo"),
  "Ctrl+KeyZ": (frame) => frame.step("undo"),
  "Alt+KeyN": nextEmpty,
  "Alt+KeyF": (frame) => frame.view.find.open(),
  "Alt+KeyM": (frame) => frame.view.inHand?.mark(),
  "Alt+KeyU": (frame) => frame.view.inHand?.toggle("unscored"),
  "Alt+KeyR": (frame) => frame.view.inHand?.toggle("recused"),
  "Alt+KeyS": (frame) => frame.view.submission.ask(),
  "Alt+PageDown": (frame) => frame.pass(1),
  "Alt+PageUp": (frame) => frame.pass(-1),
  F1: openHelp,
};
const EDIT = ["Ctrl+KeyZ", "Ctrl+KeyY", "Ctrl+Shift+KeyZ", "Alt+KeyN", "Alt+KeyM", "Alt+KeyU", "Alt+KeyR", "Alt+KeyS"];

/** Do what a key stands for; whether it stood for anything. */
function shortcut(frame, event) {
  const held = [event.ctrlKey || event.metaKey ? "Ctrl+" : "", event.altKey ? "Alt+" : "", event.shiftKey ? "Shift+" : ""];
  const chord = held.join("") + event.code;
  if (["?", "？"].includes(event.key) && !held[0] && !held[1] && !event.target.matches("textarea, [type=search]")) openHelp(frame);
  else if (!CHORDS[chord] || (EDIT.includes(chord) && !editing(frame)) || (chord === "Alt+KeyF" && !scoring(frame))) return false;
  else if (chord.endsWith("Z") && beingTyped(frame, event.target)) return false; // the browser's own undo
  else CHORDS[chord](frame);
  return true;
}

function beingTyped(frame, node) {
  if (node.matches("[type=search]")) return true;
  const row = frame.view.rowOf?.(node);
  return Boolean(row && frame.ledger.drafts.get(row.field.key)?.fresh);
}
