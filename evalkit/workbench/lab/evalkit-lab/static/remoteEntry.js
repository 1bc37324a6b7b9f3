// Launcher cards for evalkit's notebooks, as a module-federation container written by hand: JupyterLab
// hands over what it shares in `init` and asks for the plugin with `get`. Nothing is built.
(() => {
  let shared;
  const load = async (name) => (await Object.values(shared[name])[0].get())();
  const told = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const { category, cards } = JSON.parse(told.evalkitCards ?? '{"cards": []}');

  const drawing = (sign) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="1" y="1" width="22" height="22" rx="4" fill="#1b4f72"/>` +
    `<text x="12" y="17" text-anchor="middle" font-size="14" font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" fill="#fff">${sign}</text></svg>`;

  /** Our cards before those of kernels and consoles, behind the line that names the folder. */
  function first() {
    const style = document.createElement("style");
    style.textContent =
      ".jp-Launcher-content{display:flex;flex-direction:column}.jp-Launcher-cwd{order:-2}" +
      `.jp-Launcher-section:has([data-category="${CSS.escape(category)}"]){order:-1}`;
    document.head.append(style);
  }

  async function plugin() {
    const { ILauncher } = await load("@jupyterlab/launcher");
    const { LabIcon } = await load("@jupyterlab/ui-components");
    const activate = ({ commands }, launcher) => {
      if (cards.length) first();
      cards.forEach(({ path, title, caption, sign }, rank) => {
        const command = `evalkit:open-${rank}`;
        const icon = new LabIcon({ name: command, svgstr: drawing(sign) });
        const execute = () => commands.execute("docmanager:open", { path, factory: "Notebook" });
        commands.addCommand(command, { label: title, caption, icon, execute });
        launcher.add({ command, category, rank });
      });
    };
    return { id: "evalkit-lab:launcher", autoStart: true, requires: [ILauncher], activate };
  }

  (window._JUPYTERLAB ??= {})["evalkit-lab"] = {
    init: (scope) => void (shared = scope),
    get: async () => {
      const made = { __esModule: true, default: await plugin() };
      return () => made;
    },
  };
})();
