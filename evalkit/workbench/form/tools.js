// The tool bar: buttons for the views where there are several, and then the TOOLS.

class ToolBar {
  constructor(frame) {
    this.frame = frame;
    const { t } = frame;
    this.turns = frame.views.length > 1 ? frame.views.map((entry) => this.turnTo(entry)) : [];
    const tools = byOrder(TOOLS).filter((tool) => !tool.more);
    this.buttons = tools.map((tool) => {
      const node = button("ek-tool", t(tool.title), () => tool.act(frame));
      node.dataset.tool = tool.name;
      return { tool, node };
    });
    const views = h("div", { class: "ek-views", role: "group", "aria-label": t("views") }, ...this.turns);
    views.hidden = !this.turns.length;
    const nodes = this.buttons.map(({ node }) => node);
    this.root = h("div", { class: "ek-tools", role: "group", "aria-label": t("tools") }, views, ...nodes);
    this.root.id = `${frame.id}-tools`;
    this.opener = toggle("ek-opener", t("tools"), () => this.open(!this.opened));
    this.opener.setAttribute("aria-controls", this.root.id);
  }

  get opened() {
    return this.frame.root.classList.contains("ek-tooling");
  }

  /** On narrow screens the tools are behind a button. */
  open(opened) {
    this.frame.root.classList.toggle("ek-tooling", opened);
    this.opener.setAttribute("aria-pressed", String(opened));
  }

  focus(name) {
    const { node } = this.buttons.find(({ tool }) => tool.name === name);
    (node.offsetParent ? node : this.opener).focus();
  }

  turnTo({ name, title }) {
    const node = button("ek-view", this.frame.t(title), () => {
      this.frame.turn(name);
      this.frame.view.focus();
    });
    node.dataset.view = name;
    return node;
  }

  update() {
    const { frame } = this;
    for (const node of this.turns) node.setAttribute("aria-pressed", String(node.dataset.view === frame.shown.name));
    for (const { tool, node } of this.buttons) node.hidden = !(tool.when?.(frame) ?? true);
  }
}
