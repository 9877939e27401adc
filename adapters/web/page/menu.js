// The quick menu: typing "/" lists what the coach can do; arrows choose, Enter does it, Escape puts it away.

const menu = document.querySelector("#menu");
const options = [...menu.querySelectorAll("[role=option]")];

/** Ties the menu to the message box; `run` is called with the command that was chosen. */
export function commands(box, button, run) {
  const state = { shown: [], at: 0 };

  const mark = () => {
    for (const option of options) option.setAttribute("aria-selected", String(option === state.shown[state.at]));
    const option = menu.hidden ? null : state.shown[state.at];
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  };
  const update = () => {
    const typed = /^\/(?:coach )?([a-z]*)$/i.exec(box.value);
    state.shown = typed ? options.filter((option) => option.dataset.command.startsWith(typed[1].toLowerCase())) : [];
    state.at = 0;
    for (const option of options) option.hidden = !state.shown.includes(option);
    menu.hidden = state.shown.length === 0;
    mark();
  };
  const hide = () => {
    menu.hidden = true;
    mark();
  };
  const choose = (option) => {
    hide();
    run(option.dataset.command);
  };

  box.addEventListener("input", update);
  box.addEventListener("blur", () => setTimeout(hide, 150));
  box.addEventListener("keydown", (event) => {
    if (menu.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      state.at = (state.at + step + state.shown.length) % state.shown.length;
      mark();
    } else if (event.key === "Escape") hide();
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") choose(state.shown[state.at]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  menu.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  menu.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  button.addEventListener("click", () => {
    if (menu.hidden || box.value !== "/") box.value = "/";
    else box.value = "";
    box.focus();
    update();
  });
}
