// The board: tabs of blocks that Python writes, as HTML or as a small form. A block is replaced only
// when it has changed, and what is open, focused, scrolled to or typed in it stays.

let boards = 0;

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const each = (root, selector) => [...root.querySelectorAll(selector)];

/** What somebody has open, focused and scrolled to inside `root`, to be put back after a change. */
function remember(root) {
  const open = each(root, "details[open]").map((one) => one.dataset.key);
  const scrolled = each(root, ".ek-scroll").map((one) => [one.scrollLeft, one.scrollTop]);
  const focusable = "button, summary, input, select, textarea, [tabindex]";
  const focused = root.contains(document.activeElement) ? each(root, focusable).indexOf(document.activeElement) : -1;
  return () => {
    for (const one of each(root, "details")) if (open.includes(one.dataset.key)) one.open = true;
    each(root, ".ek-scroll").forEach((one, n) => scrolled[n] && ([one.scrollLeft, one.scrollTop] = scrolled[n]));
    if (focused >= 0) each(root, focusable)[focused]?.focus({ preventScroll: true });
  };
}

class Form {
  constructor(board, spec, id) {
    Object.assign(this, { board, spec, id });
    this.root = el("form", { class: "ek-entry", onsubmit: (event) => this.press(event) });
    this.root.addEventListener("input", () => (this.typed = true));
    this.build();
  }

  build() {
    const parts = this.spec.fields.flatMap((field, n) => this.control(field, `${this.id}-${n}`));
    this.button = el("button", { type: "submit", class: "ek-button ek-solid" }, this.spec.button);
    this.button.disabled = Boolean(this.spec.off);
    this.ends = el("div", { class: "ek-ends" }, this.button);
    this.root.replaceChildren(...parts, this.ends);
    this.typed = false;
  }

  control(field, id) {
    if (field.kind === "checks") return [this.checks(field)];
    const label = el("label", { for: id }, field.label);
    const tag = { select: "select", area: "textarea" }[field.kind] ?? "input";
    const box = el(tag, { id, name: field.name, autocomplete: "off", rows: tag === "textarea" ? 4 : null });
    for (const [value, text] of field.options ?? []) box.append(el("option", { value }, text));
    if (field.value) box.value = field.value;
    if (field.choose) {
      box.addEventListener("change", () => {
        this.typed = false;
        this.board.send({ type: "choose", form: this.spec.name, value: box.value });
      });
    }
    return [label, box];
  }

  checks(field) {
    const boxes = field.options.map(([value, text]) => {
      const box = el("input", { type: "checkbox", name: field.name, value });
      return el("label", {}, box, el("span", {}, text));
    });
    return el("fieldset", {}, el("legend", {}, field.label), el("div", { class: "ek-checks" }, ...boxes));
  }

  values() {
    const found = {};
    for (const [name, value] of new FormData(this.root)) found[name] = name in found ? `${found[name]},${value}` : value;
    return found;
  }

  press(event) {
    event.preventDefault();
    if (this.spec.confirm && !this.asking) return this.ask();
    this.board.send({ type: "act", act: this.spec.name, about: this.spec.about, values: this.values(), sure: Boolean(this.asking) });
    this.stop();
  }

  /** Ask once more in the place of the button; the focus goes to the harmless answer. */
  ask() {
    this.asking = true;
    const yes = el("button", { type: "submit", class: "ek-button ek-solid" }, this.spec.confirm);
    const no = el("button", { type: "button", class: "ek-button", onclick: () => this.stop(true) }, this.spec.cancel);
    this.ends.replaceChildren(yes, no);
    no.focus();
  }

  stop(back = false) {
    this.asking = false;
    this.ends.replaceChildren(this.button);
    if (back) this.button.focus();
  }

  /** Other fields or another thing: what was typed stays where it still belongs. */
  adopt(spec) {
    const kept = this.typed && spec.about === this.spec.about ? this.values() : {};
    const { activeElement } = document;
    const at = this.root.contains(activeElement) ? activeElement.name : null;
    const asking = this.asking;
    this.spec = spec;
    this.build();
    for (const [name, value] of Object.entries(kept)) this.put(name, value);
    this.typed = Object.keys(kept).length > 0;
    if (asking) this.ask();
    else if (at) this.root.elements[at]?.focus?.();
  }

  put(name, value) {
    for (const box of each(this.root, "[name]").filter((one) => one.name === name)) {
      if (box.type === "checkbox") box.checked = value.split(",").includes(box.value);
      else if (box.tagName !== "SELECT" || [...box.options].some((one) => one.value === value)) box.value = value;
    }
  }

  clear() {
    this.typed = false;
    this.build();
  }
}

class Board {
  constructor(model, el_) {
    this.model = model;
    this.id = `ekb${(boards += 1)}`;
    this.blocks = new Map();
    this.root = el("section", { class: "evalkit-board", "data-lm-suppress-shortcuts": "true" });
    this.said = el("div", { class: "ek-said", role: "status" });
    this.bar = el("div", { class: "ek-tabs", role: "tablist", onkeydown: (event) => this.key(event) });
    this.title = el("h1", {});
    this.who = el("p", { class: "ek-who" });
    this.panels = el("div", { class: "ek-panels" });
    const head = el("div", { class: "ek-head" }, this.title, this.who);
    this.root.append(head, this.said, this.bar, this.panels);
    this.root.addEventListener("click", (event) => this.copy(event));
    this.draw();
    el_.replaceChildren(this.root);
  }

  send(message) {
    this.model.send(message);
  }

  draw() {
    const { title, who, language, tabs } = this.model.get("head");
    this.root.lang = language === "zh" ? "zh-CN" : language;
    this.root.setAttribute("aria-label", title);
    this.bar.setAttribute("aria-label", title);
    if (this.title.textContent !== title) this.title.textContent = title;
    if (this.who.textContent !== who) this.who.textContent = who;
    if (tabs.join() !== this.names?.join()) this.buildTabs(tabs);
    for (const name of tabs) this.fill(this.model.get(name));
  }

  buildTabs(names) {
    this.names = names;
    this.blocks.clear();
    const own = (name) => `${this.id}-${name}`;
    this.tabs = names.map((name) =>
      el("button", { type: "button", role: "tab", id: own(name), "aria-controls": `${own(name)}-panel`, class: "ek-tab", onclick: () => this.open(name) }),
    );
    this.bar.replaceChildren(...this.tabs);
    this.panels.replaceChildren(
      ...names.map((name) => el("div", { role: "tabpanel", id: `${own(name)}-panel`, "aria-labelledby": own(name), class: "ek-panel", tabindex: "0" })),
    );
    this.open(names.includes(this.current) ? this.current : names[0]);
  }

  open(id) {
    this.current = id;
    this.names.forEach((name, n) => {
      const chosen = name === id;
      this.tabs[n].setAttribute("aria-selected", String(chosen));
      this.tabs[n].tabIndex = chosen ? 0 : -1;
      this.panels.children[n].hidden = !chosen;
    });
  }

  key(event) {
    const n = this.names.indexOf(this.current);
    const moves = { ArrowRight: n + 1, ArrowLeft: n - 1, Home: 0, End: this.names.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const next = (moves[event.key] + this.names.length) % this.names.length;
    this.open(this.names[next]);
    this.tabs[next].focus();
  }

  fill(tab) {
    const n = this.names.indexOf(tab.id);
    const label = tab.count ? `${tab.label} ${tab.count}` : tab.label;
    if (this.tabs[n].textContent !== label) this.tabs[n].textContent = label;
    const panel = this.panels.children[n];
    const wanted = tab.blocks.map((block) => `${tab.id}/${block.id}`);
    for (const node of [...panel.children]) if (!wanted.includes(node.dataset.block)) node.remove();
    tab.blocks.forEach((block, k) => {
      const key = wanted[k];
      let node = [...panel.children].find((one) => one.dataset.block === key);
      if (!node) {
        node = el("div", { "data-block": key, class: "ek-block" });
        this.blocks.delete(key);
      }
      if (panel.children[k] !== node) panel.insertBefore(node, panel.children[k] ?? null);
      this.put(key, node, block);
    });
  }

  put(key, node, block) {
    const sign = JSON.stringify(block);
    const known = this.blocks.get(key);
    if (known?.sign === sign) return;
    if (block.form && known?.form) {
      known.form.adopt(block.form);
      known.sign = sign;
    } else if (block.form) {
      const form = new Form(this, block.form, `${this.id}-${key.replace("/", "-")}`);
      node.replaceChildren(form.root);
      this.blocks.set(key, { sign, form });
    } else {
      const back = remember(node);
      node.innerHTML = block.html; // written by evalkit's own templates, which escape every value
      back();
      this.blocks.set(key, { sign });
    }
  }

  /** What came of the last act; the form that it came from is empty then, unless it was refused. */
  tell({ text, wrong, form }) {
    this.said.textContent = text;
    this.said.classList.toggle("ek-wrong", Boolean(wrong));
    for (const one of this.blocks.values()) if (one.form && one.form.spec.name === form) one.form.clear();
  }

  async copy(event) {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const { texts } = this.model.get("head");
    const done = await copied(button.dataset.copy);
    this.tell({ text: done ? texts.copied : texts.not_copied, wrong: !done });
  }

  save({ name, kind }, buffers) {
    const address = URL.createObjectURL(new Blob(buffers, { type: kind }));
    el("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}

/** Whether `text` is on the clipboard now; over plain http to another machine the old way is left. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = el("textarea", { readonly: "", class: "ek-unseen", "aria-hidden": "true" });
    box.value = text;
    const focused = document.activeElement;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    focused?.focus();
    return done;
  }
}

export default {
  render({ model, el: place }) {
    const board = new Board(model, place);
    const draw = () => board.draw();
    const receive = (message, buffers) => {
      if (message.type === "said") board.tell(message);
      if (message.type === "file") board.save(message, buffers);
    };
    const parts = ["head", ...model.get("head").tabs];
    for (const name of parts) model.on(`change:${name}`, draw);
    model.on("msg:custom", receive);
    model.send({ type: "refresh" }); // a page that is shown again may hold an old view
    return () => {
      for (const name of parts) model.off(`change:${name}`, draw);
      model.off("msg:custom", receive);
    };
  },
};
