// A file of material beside the sheet, at its page. Its bytes come through the widget, part by part,
// so that it is the same in Voilà, JupyterLab and a hub, and nobody else's file has an address.

const materialFiles = new Map(); // applicant and file -> the address of what has come

class Material {
  constructor(frame, applicant, { file, page }) {
    Object.assign(this, { frame, ledger: frame.ledger, t: frame.t, applicant, file, page });
    this.before = document.activeElement;
  }

  open() {
    this.frame.root.querySelector(".ek-material")?.remove();
    this.frame.root.classList.add("ek-showing");
    this.state = h("p", { class: "ek-material-state", role: "status" }, this.t("opening"));
    this.apart = h("a", { class: "ek-button", target: "_blank", rel: "noopener", hidden: "" }, this.t("new_tab"));
    const close = button("ek-close", this.t("close_material"), () => this.close());
    const id = `${this.frame.id}-material`;
    const title = h("h2", { id }, this.page ? this.t("material_page", this) : this.t("material", this));
    const head = h("div", { class: "ek-material-head" }, title, this.apart, close);
    this.root = h("aside", { class: "ek-material", "aria-labelledby": id }, head, this.state);
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.frame.root.append(this.root);
    close.focus();
    this.load();
  }

  close() {
    this.root.remove();
    this.frame.root.classList.remove("ek-showing");
    if (this.before?.isConnected) this.before.focus();
  }

  async load() {
    const key = `${this.applicant}/${this.file}`;
    try {
      if (!materialFiles.has(key)) materialFiles.set(key, await this.fetch());
      if (this.root.isConnected) this.show(materialFiles.get(key));
    } catch (problem) {
      write(this.state, String(problem));
    }
  }

  /** All parts of the file, one after the other: between them scores have their turn. */
  async fetch() {
    const parts = [];
    for (let offset = 0, size = 1; offset < size; ) {
      const asked = { type: "material", applicant: this.applicant, file: this.file, offset };
      const { answer, buffers } = await request(this.ledger, asked);
      const [part] = buffers;
      if (!part.byteLength) break;
      parts.push(part);
      this.media = answer.media;
      ({ size } = answer);
      offset += part.byteLength;
      write(this.state, this.t("opened_part", { n: Math.min(100, Math.floor((100 * offset) / size)) }));
    }
    return { url: URL.createObjectURL(new Blob(parts, { type: this.media })), media: this.media };
  }

  show({ url, media }) {
    const address = media === "application/pdf" && this.page ? `${url}#page=${this.page}` : url;
    this.apart.href = address;
    this.apart.hidden = false;
    write(this.state, "");
    const title = this.t("material", this);
    const pdf = media === "application/pdf";
    this.root.append(
      pdf ? h("iframe", { class: "ek-pages", src: address, title }) : h("img", { class: "ek-pages", src: address, alt: title }),
    );
  }
}
