// A small form: what is typed leaves in one message, so that no field can lag behind the button.
let forms = 0;

function control(field, id) {
  const box = document.createElement(field.options ? "select" : "input");
  for (const [value, label] of field.options || []) {
    const option = document.createElement("option");
    option.value = value;
    option.textContent = label;
    box.append(option);
  }
  box.id = id;
  box.name = field.name;
  if (!field.options) box.autocomplete = "off";
  return box;
}

function render({ model, el }) {
  const number = ++forms;
  const draw = () => {
    const form = document.createElement("form");
    form.className = "ek-entry";
    const drawn = model.get("drawn");
    model.get("fields").forEach((field, n) => {
      const label = document.createElement("label");
      label.htmlFor = `ek-entry-${number}-${n}`;
      label.textContent = field.label;
      form.append(label, control(field, label.htmlFor));
    });
    const button = document.createElement("button");
    button.textContent = model.get("button");
    form.append(button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(form));
      model.send({ type: "enter", drawn, values });
    });
    el.replaceChildren(form);
  };
  model.on("change:drawn", draw);
  draw();
}

export default { render };
