// How the form looks, as each person needs it: size, colours, contrast, language. Kept in this
// browser for every round.

const LOOKS = {
  size: ["normal", "large", "largest"],
  theme: ["system", "light", "dark"],
  contrast: ["system", "normal", "high"],
};

class Look {
  constructor(frame) {
    this.frame = frame;
    this.store = new Store("localStorage", "evalkit-look");
    this.chosen = this.store.get("") ?? {};
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.more = matchMedia("(prefers-contrast: more)");
    this.listen = () => this.apply();
    for (const query of [this.dark, this.more]) query.addEventListener("change", this.listen);
    this.apply();
    this.speak();
  }

  end() {
    for (const query of [this.dark, this.more]) query.removeEventListener("change", this.listen);
  }

  of(name) {
    return LOOKS[name].includes(this.chosen[name]) ? this.chosen[name] : LOOKS[name][0];
  }

  choose(name, value) {
    this.chosen = { ...this.chosen, [name]: value };
    this.store.set("", this.chosen);
    this.apply();
    if (name === "language") this.speak();
  }

  apply() {
    const { dataset } = this.frame.root;
    const [theme, contrast] = [this.of("theme"), this.of("contrast")];
    dataset.size = this.of("size");
    dataset.theme = theme === "system" ? (this.dark.matches ? "dark" : "light") : theme;
    dataset.contrast = contrast === "system" ? (this.more.matches ? "high" : "normal") : contrast;
  }

  /** Python says everything in the chosen language. */
  speak() {
    const { language } = this.chosen;
    if (language && language !== this.frame.ledger.view.language) this.frame.ledger.tell({ type: "language", language });
  }

  open() {
    const { frame } = this;
    const { t, id } = frame;
    const one = (name) => {
      const options = LOOKS[name].map((value) => [value, t(`${name}_${value}`)]);
      return choice(`${id}-${name}`, t(`look_${name}`), options, this.of(name), (value) => this.choose(name, value));
    };
    const { language, languages } = frame.ledger.view;
    const speak = (value) => this.choose("language", value);
    const tongue = choice(`${id}-language`, t("look_language"), Object.entries(languages), language, speak);
    const contents = (close) => {
      const shut = button("ek-solid", t("close"), () => close());
      return [...Object.keys(LOOKS).map(one), tongue, h("p", { class: "ek-note" }, t("look_kept")), actions(shut)];
    };
    const back = () => frame.tools.focus("look");
    this.dialog = openDialog(frame, { name: "look", title: t("look"), contents, back });
  }

  /** The form has been built anew, perhaps in another language: so is the open dialog. */
  again() {
    if (!this.dialog?.isConnected) return;
    this.dialog.close();
    this.open();
    this.dialog.querySelector("input[name$='-language']:checked")?.focus();
  }
}

TOOLS.push({ name: "look", order: 80, title: "look", act: (frame) => frame.look.open() });
