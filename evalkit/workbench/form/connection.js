// Why nothing is answered, and what can be done about it. Asked only while something waits.

const MUTE = 8000; // ms after which an idle kernel has surely forgotten this page
const PAUSE = 5000; // ms between questions to the server
const AGAIN = 20000; // ms between reloads that nobody asked for

/**
 * Where this page comes from: its server, its kernel, and whether it is JupyterLab's. A page with a
 * watch of its own (`voila/around.js`) finds its way back by itself: there only the form's part is done.
 */
function origin() {
  if (document.getElementById("ek-around")) return { watched: true };
  try {
    const { baseUrl = "/", kernelId } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    return { base: baseUrl, kernel: kernelId, lab: !kernelId };
  } catch {
    return { base: "/", lab: true };
  }
}

class Connection {
  constructor(ledger) {
    Object.assign(this, { ledger, cause: "", asked: 0, place: origin() });
  }

  /** Called now and then: ask again where something has waited for long. */
  watch() {
    const late = this.ledger.late();
    if (!late.length) this.cause = "";
    else if (!this.place.watched && Date.now() - this.asked >= PAUSE) this.ask();
  }

  /** Try now: send again what waits, and ask the server; a dead page is loaded anew. */
  async now() {
    this.ledger.retry(0);
    if (!this.place.watched) await this.ask(LATE);
    const dead = this.place.watched ? this.waited() > MUTE : this.cause === "kernel";
    if (dead && !this.place.lab) location.reload();
  }

  /** For how long the message that was sent first has waited, in ms. */
  waited() {
    return Math.max(0, ...this.ledger.late().map(({ since }) => Date.now() - since));
  }

  async ask(mute = MUTE) {
    this.asked = Date.now();
    const { base, kernel } = this.place;
    try {
      const place = kernel ? `${base}api/kernels/${kernel}` : `${base}api/status`;
      const answer = await fetch(place, { cache: "no-store", redirect: "manual" });
      this.cause = await this.read(answer, mute);
    } catch {
      this.cause = "gone";
    }
    if (!this.ledger.late().length) this.cause = "";
    this.ledger.changed();
    if (this.cause === "kernel") this.reload();
  }

  async read(answer, mute) {
    if (answer.status === 404) return "kernel";
    if (!answer.ok) return "login"; // 403, or a redirection to the login
    const { execution_state: state } = await answer.json();
    if (state === "busy") return "busy";
    return this.waited() > mute ? "kernel" : "";
  }

  /** Load the page anew by itself where that loses nothing: all that waits is in the browser. */
  reload() {
    const { session, queue } = this.ledger;
    if (this.place.lab || !queue.storage || !session.storage) return;
    if (Date.now() - (session.get("reloaded") ?? 0) < AGAIN) return;
    session.set("reloaded", Date.now());
    location.reload();
  }
}
