// The keys of the form, and what its words mean.

const KEYS = [
  ["Enter / ↓", "key_next"],
  ["Shift+Enter / ↑", "key_previous"],
  ["Tab", "key_tab"],
  ["Esc", "key_escape"],
  ["Ctrl+Z / Ctrl+Y", "key_undo"],
  ["Ctrl+V", "key_paste"],
  ["Alt+N", "key_empty"],
  ["Alt+F", "key_find"],
  ["Alt+M", "key_mark"],
  ["Alt+U / Alt+R", "key_declare"],
  ["Alt+PageDown / PageUp", "key_applicant"],
  ["Alt+S", "key_submit"],
  ["? / F1", "key_help"],
];
const MEANINGS = ["unscored", "recused", "mark", "blank", "numbers", "kept"];

function openHelp(frame) {
  const { t, id } = frame;
  const lines = KEYS.map(([keys, what]) => {
    const each = keys.split(" / ").flatMap((key, n) => [...(n ? [" "] : []), h("kbd", {}, key)]);
    return h("tr", {}, h("th", { scope: "row" }, ...each), h("td", {}, t(what)));
  });
  const meanings = MEANINGS.flatMap((word) => [h("dt", {}, t(`${word}_word`)), h("dd", {}, t(`${word}_means`))]);
  const region = { class: "ek-scroll", tabindex: "0", role: "region", "aria-labelledby": `${id}-help` };
  const contents = (close) => [
    h("div", region, h("table", { class: "ek-keys" }, h("tbody", {}, ...lines)), h("dl", {}, ...meanings)),
    actions(button("ek-solid", t("close"), () => close())),
  ];
  const root = openDialog(frame, { name: "help", title: t("help"), contents });
  root.querySelector(".ek-actions button").focus();
}

/** What else can be done: the tools that are rarely used. */
function openMore(frame) {
  const tools = byOrder(TOOLS).filter((tool) => tool.more && (tool.when?.(frame) ?? true));
  const contents = (close) => [
    h("div", { class: "ek-list" }, ...tools.map((tool) => button("ek-more", frame.t(tool.title), () => {
      close(() => {}); // what it opens takes the focus
      tool.act(frame);
    }))),
    actions(button("", frame.t("close"), () => close())),
  ];
  openDialog(frame, { name: "more", title: frame.t("more"), contents });
}

TOOLS.push(
  { name: "more", order: 70, title: "more", act: openMore },
  { name: "help", order: 90, title: "help", act: openHelp },
);
