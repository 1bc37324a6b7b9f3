// Making and changing elements of the page, and keeping things in the browser.

/** An element; strings among the children become text, never markup. */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const button = (kind, text, onclick, label = text) =>
  h("button", { type: "button", class: `ek-button ${kind}`, "aria-label": label, onclick }, text);

/** A button that is on or off. */
function toggle(kind, text, onclick, label = text) {
  const node = button(kind, text, onclick, label);
  node.setAttribute("aria-pressed", "false");
  return node;
}

/** A choice of one: radio buttons in a named group. `options` are [value, words]. */
function choice(id, legend, options, value, onchange) {
  const inputs = options.map(([option, words], n) => {
    const attributes = { type: "radio", name: id, id: `${id}-${n}`, value: option, onchange: () => onchange(option) };
    const input = h("input", attributes);
    input.checked = option === value;
    return h("label", { class: "ek-option" }, input, words);
  });
  return h("fieldset", { class: "ek-choice" }, h("legend", {}, legend), ...inputs);
}

/** Write only what differs: a screen reader repeats a live text that is written again. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

/** Build the children of `node` anew, but only when what they show has changed. */
function rebuild(node, shows, children) {
  const sign = JSON.stringify(shows);
  if (node.sign === sign) return;
  node.sign = sign;
  node.replaceChildren(...children());
  node.hidden = !node.hasChildNodes();
}

/** Onto the clipboard, also on plain http, where the newer way is closed; whether that worked. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const put = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      event.clipboardData.setData("text/plain", text);
    };
    document.addEventListener("copy", put, { capture: true, once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", put, { capture: true });
    return done;
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // absent on plain http to another machine
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A browser store. It may be forbidden or full: then nothing is kept, and the form still works. */
class Store {
  constructor(kind, prefix) {
    this.prefix = prefix;
    try {
      this.storage = globalThis[kind];
    } catch {
      this.storage = null;
    }
    this.set("probe", null);
    this.remove("probe");
  }
  get(name) {
    try {
      return JSON.parse(this.storage.getItem(this.prefix + name));
    } catch {
      return null;
    }
  }
  set(name, value) {
    try {
      this.storage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      this.storage = null;
    }
  }
  remove(name) {
    this.storage?.removeItem(this.prefix + name);
  }
  empty() {
    for (const name of this.names()) this.remove(name);
  }
  names() {
    const keys = Object.keys(this.storage ?? {}).filter((key) => key.startsWith(this.prefix));
    return keys.map((key) => key.slice(this.prefix.length));
  }
}
