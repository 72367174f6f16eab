// Shows the drawing that Python made, and tells Python of keys. Nothing is decided here.
function render({ model, el }) {
  el.classList.add("race-live");
  const stage = document.createElement("div");
  stage.className = "race-live-stage";
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", "The live race. Press h for the keys.");
  const bar = document.createElement("div");
  bar.className = "race-live-keys";
  const help = document.createElement("pre");
  help.className = "race-live-help";
  el.append(stage, bar, help);

  for (const [key, label] of model.get("buttons")) {
    const button = document.createElement("button");
    button.textContent = label;
    button.dataset.key = key;
    button.addEventListener("click", () => model.send({ key }));
    bar.append(button);
  }

  const show = () => { stage.innerHTML = model.get("picture"); };
  const explain = () => {
    help.textContent = model.get("help");
    help.hidden = !help.textContent;
  };
  const shade = () => { el.dataset.dark = model.get("dark"); };
  show(); explain(); shade();
  model.on("change:picture", show);
  model.on("change:help", explain);
  model.on("change:dark", shade);

  const keys = new Set(model.get("key_names"));
  el.addEventListener("keydown", (event) => {
    const onButton = event.target.tagName === "BUTTON" && [" ", "Enter"].includes(event.key);
    const combined = event.ctrlKey || event.metaKey || event.altKey;
    if (combined || onButton || !keys.has(event.key)) return;
    // JupyterLab has meanings of its own for these keys.
    event.preventDefault();
    event.stopPropagation();
    model.send({ key: event.key });
  });

  // The page's own shade, where it has one that we know.
  const light = document.body.dataset.jpThemeLight;
  if (light) model.send({ dark: light === "false" });
}

export default { render };
