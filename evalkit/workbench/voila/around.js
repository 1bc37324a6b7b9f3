// What the page says and does when it has lost its kernel, the server or its login. The form keeps
// what is typed and sends it again; here the page finds its way back to where it can be sent.
(() => {
  const { texts } = JSON.parse(document.getElementById("ek-around").textContent);
  const base = document.body.dataset.baseUrl.replace(/voila\/$/, "");
  const PATIENCE = 8000; // ms for JupyterLab to connect again by itself, where the kernel lives
  const STOPPED = 424; // what a JupyterHub says in the place of a server that it has stopped
  const OFTEN = 30000; // ms in which the page is opened again three times at most
  const LATER = 5000; // ms until it is tried again after that
  const REOPENED = "evalkit/reopened";
  let socket = null;
  let kernel = "";
  let pause = 1000;
  let timer = 0;
  let leaving = false;

  /** One line above the form, with a button; `alert` says it to those who do not see it. */
  function say(what, action, act) {
    let bar = document.querySelector(".ek-lost");
    if (!bar) {
      bar = document.createElement("div");
      bar.className = "ek-lost";
      bar.setAttribute("role", "alert");
      document.body.prepend(bar);
    }
    bar.hidden = false;
    if (bar.dataset.what === what) return;
    bar.dataset.what = what;
    const text = document.createElement("span");
    text.textContent = texts[what];
    bar.replaceChildren(text);
    if (!action) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = texts[action];
    button.addEventListener("click", act);
    bar.append(button);
  }

  function quiet() {
    const bar = document.querySelector(".ek-lost");
    if (bar) bar.hidden = true;
    if (bar) delete bar.dataset.what;
  }

  /** Ask the server how things are, now or after a pause. */
  function ask(wait = 0) {
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  }

  async function look() {
    let answer;
    try {
      // at a JupyterHub a request counts as the page's own only with this cookie's value
      const own = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie);
      const headers = own ? { "X-XSRFToken": own[1] } : {};
      const said = await fetch(`${base}status?kernel=${kernel}`, { cache: "no-store", headers });
      if (said.status === STOPPED) return reopen();
      answer = await said.json();
    } catch {
      // no answer, or that of a server that is ending: to load the page now would lose it
      say("gone", "retry", () => ask());
      ask((pause = Math.min(pause * 1.5, 10000)));
      return;
    }
    pause = 1000;
    if (!answer.login) {
      const path = location.pathname.slice(base.length);
      say("login_lost", "log_in", () => location.assign(`${base}login?next=${path}`));
      ask(5000); // perhaps another window logs in
    } else if (answer.kernel === "replaced") {
      say("replaced", "here", () => location.reload());
    } else if (answer.kernel === "live") {
      const before = socket;
      clearTimeout(timer);
      timer = setTimeout(() => (lost(before) ? reopen() : undefined), PATIENCE);
    } else {
      reopen();
    }
  }

  const lost = (before) => socket === before && socket.readyState >= WebSocket.CLOSING;

  /** Open the page again, with a new kernel; where that did not help, more slowly. */
  function reopen() {
    const now = Date.now();
    let times = [];
    try {
      times = JSON.parse(sessionStorage.getItem(REOPENED) ?? "[]").filter((t) => now - t < OFTEN);
      if (times.length < 3) sessionStorage.setItem(REOPENED, JSON.stringify([...times, now]));
    } catch {
      // a browser without storage
    }
    if (times.length >= 3) {
      say("again", "retry", () => location.reload());
      return ask(LATER);
    }
    say("dead");
    location.reload();
  }

  window.addEventListener("pagehide", () => {
    leaving = true;
  });
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) ask();
  });
  window.addEventListener("online", () => socket?.readyState >= WebSocket.CLOSING && ask());

  window.evalkitLost = () => ask(); // the server calls it where a kernel died before the page was whole

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(address, ...rest) {
      super(address, ...rest);
      const found = /kernels\/([0-9a-f-]{36})\/channels/.exec(address);
      if (!found) return;
      socket = this;
      kernel = found[1];
      this.addEventListener("open", () => {
        clearTimeout(timer);
        quiet();
      });
      this.addEventListener("close", () => {
        if (!leaving && socket === this) ask();
      });
    }
  };
})();
