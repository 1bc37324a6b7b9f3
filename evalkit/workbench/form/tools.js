// The tool bar: buttons for the views where there are several, and then the TOOLS.

class ToolBar {
  constructor(frame) {
    this.frame = frame;
    const { t } = frame;
    this.turns = frame.views.length > 1 ? frame.views.map((entry) => this.turnTo(entry)) : [];
    this.buttons = byOrder(TOOLS).map((tool) => {
      const node = button("ek-tool", t(tool.title), () => tool.act(frame));
      node.dataset.tool = tool.name;
      return { tool, node };
    });
    const views = h("div", { class: "ek-views", role: "group", "aria-label": t("views") }, ...this.turns);
    views.hidden = !this.turns.length;
    this.root = h("div", { class: "ek-tools" }, views, ...this.buttons.map(({ node }) => node));
    this.root.hidden = !this.turns.length && !this.buttons.length;
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
    for (const { tool, node } of this.buttons) node.hidden = tool.when ? !tool.when(frame) : false;
  }
}
