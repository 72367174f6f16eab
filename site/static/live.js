// Runs the cells of a page in the page: thebe, against the Jupyter server that the
// page came from (`make serve`). Without that server, the page says how to start it.
"use strict";
(() => {
  const bar = document.querySelector(".live-bar");
  if (!bar) return;
  const book = new URL(document.documentElement.dataset.content_root, location.href);
  const status = bar.querySelector(".live-status");
  const start = bar.querySelector(".live-start");
  const { kernel, language, page } = bar.dataset;

  const say = (html) => { status.innerHTML = html; };
  const explain = () => say(
    "This page was not opened through the workbook's server, so there is nothing here " +
    "that can run code. In the folder of the workbook, type <code>make serve</code> and " +
    "open the address that it prints.");

  // What the server says of itself; null when there is none behind this page.
  async function server() {
    if (!location.protocol.startsWith("http")) return null;
    try {
      const answer = await fetch(new URL("live.json", book));
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  function load(path) {
    return new Promise((done, failed) => {
      const tag = document.createElement("script");
      tag.src = new URL(`_static/${path}`, book);
      tag.onload = done;
      tag.onerror = () => failed(new Error(`${path} did not load`));
      document.head.append(tag);
    });
  }

  // thebe takes require.js, which widgets need, from an address of its own; it is
  // given ours.
  function keepFetchHome() {
    const real = window.fetch;
    window.fetch = (what, options) => real(
      /\/require\.js\/.*\/require\.min\.js$/.test(what)
        ? new URL("_static/requirejs/require.js", book) : what, options);
  }

  // Each cell's code as thebe looks for it, and an empty place for its new output.
  // The output from the build stays until the cell is run.
  function prepareCells() {
    return [...document.querySelectorAll("div.cell:has(> .cell_input)")].map((cell) => {
      const input = cell.querySelector(".cell_input");
      const source = document.createElement("pre");
      source.textContent = input.querySelector("pre").textContent;
      source.dataset.executable = "";
      source.dataset.language = kernel === "rust" ? "rust" : "python";
      input.querySelector("div[class*='highlight-']").replaceWith(source);
      const output = document.createElement("div");
      output.className = "live-output";
      output.dataset.output = "";
      cell.append(output);
      return { cell, built: cell.querySelector(":scope > .cell_output") };
    });
  }

  async function teachRust(editors) {
    window.CodeMirror = editors[0].constructor;
    await load("codemirror/addon/mode/simple.js");
    await load("codemirror/mode/rust/rust.js");
    for (const editor of editors) editor.setOption("mode", "rust");
  }

  function button(text, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
  }

  // What a kernel is asked while it starts can be lost, and the end of a cell with it.
  // It is there once it has answered, and its answer was heard where cells are heard.
  async function answers(kernel) {
    for (let tries = 0; tries < 60; tries += 1) {
      const second = new Promise((resolve) => setTimeout(resolve, 1000));
      await Promise.race([kernel.requestKernelInfo().catch(() => second), second]);
      if (kernel.status === "idle") return true;
    }
    return false;
  }

  async function goLive() {
    start.disabled = true;
    say("Looking for the server&hellip;");
    const found = await server();
    if (!found) {
      start.disabled = false;
      return explain();
    }
    if (!found.kernels.includes(kernel)) {
      return say(`The server has no ${language} kernel. Stop it, type <code>make lab</code> ` +
                 "once, which installs it, and start the server again.");
    }
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("_static/thebe/lib/thebe.css", book);
    document.head.prepend(style);  // so that the workbook's own style wins
    keepFetchHome();
    await load("thebe/lib/index.js");

    const cells = prepareCells();
    const { server: thebe, notebook } = await window.thebe.bootstrap({
      useBinder: false,
      requestKernel: false,
      mathjaxUrl: "",
      mountRunAllButton: false,
      mountRestartButton: false,
      mountRestartAllButton: false,
      selector: "[data-executable]",
      outputSelector: "[data-output]",
      codeMirrorConfig: { theme: "workbook", lineNumbers: false, viewportMargin: Infinity },
      serverSettings: { baseUrl: location.origin + found.base, token: "", appendToken: false },
    });
    const editors = [...document.querySelectorAll(".CodeMirror")].map((node) => node.CodeMirror);
    editors.forEach((editor, at) => {
      const field = editor.getInputField();
      field.setAttribute("aria-label", `Code of cell ${at + 1}. Escape leaves it.`);
    });
    if (kernel === "rust") await teachRust(editors);
    window.thebe.on("status", (_, { subject, id, status: what }) => {
      const at = notebook.cells.findIndex((cell) => cell.id === id);
      if (subject !== "cell" || at < 0) return;
      cells[at].cell.classList.toggle("live-busy", what === "executing");
      cells[at].cell.classList.toggle("live-done", what === "idle");
      if (what === "executing") cells[at].built?.remove();
    });

    // No cell runs or has run in a kernel that is new.
    const forget = () => cells.forEach(({ cell }, at) => {
      notebook.cells[at].setAsIdle();
      cell.classList.remove("live-busy", "live-done");
    });

    say(`Starting the ${language} kernel&hellip;`);
    await thebe.ready;
    const session = await thebe.startNewSession(notebook.rendermime, {
      path: `${page}-live.ipynb`, kernelName: kernel,
    });
    notebook.attachSession(session);
    const ready = `Live: ${language}. Change a cell, then press Run or Shift+Enter.`;
    start.replaceWith(
      button("Run all", () => notebook.executeAll(true)),
      button("Stop", () => session.kernel.interrupt()),
      button("Restart", async () => {
        say("Restarting&hellip;");
        forget();
        await session.restart();
        if (!await answers(session.kernel)) {
          return say("The kernel does not answer. Press Restart once more, or start the server anew.");
        }
        say("Restarted: nothing of what the cells made is left. Run them again from the top.");
      }));
    // A kernel that crashed is started again by the server; what it was asked is lost.
    session.kernel.statusChanged.connect((_, what) => {
      if (what !== "autorestarting") return;
      forget();
      say("The kernel ended by itself and was started again: nothing of what the cells made " +
          "is left. Run them again from the top.");
    });
    window.thebe.on("error", (_, { subject }) => {
      if (subject === "session") say("The kernel ended. Press Restart.");
    });
    document.body.classList.add("live");
    say(ready);
  }

  start.addEventListener("click", () => goLive().catch((problem) => {
    console.error(problem);
    say("That did not work: ");
    status.append(String(problem.message ?? problem));
  }));

  // The link to JupyterLab is right on the server, and leads nowhere without it.
  bar.querySelector(".live-lab")?.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const where = event.currentTarget.href;
    if (await server()) location.assign(where); else explain();
  });
})();
