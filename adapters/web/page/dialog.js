// The dialog: shows one screen after another, sends what was filled in, gives the focus back when it closes.

import { text } from "./talk.js";
import { dissolve } from "./shred.js";

const dialog = document.querySelector("#dialog");
let kept = () => {};

function leave() {
  const answer = dialog.querySelector(".answer");
  if (answer?.querySelector(".draft")) kept(answer);
  dialog.replaceChildren(); // nothing typed stays behind in the page
}

/**
 * The dialog's doings: `act` performs something a person did, `closed` is told when nothing is open any more,
 * `keep` gets an answer that holds a draft when it leaves the dialog, so that the draft is not lost.
 */
export function dialogs(act, closed, keep) {
  kept = keep;
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-close]")) dialog.close();
    if (button?.matches("[data-action]")) tap(button, act);
    if (event.target.matches("input[type=radio][data-loose]")) loosen(event.target);
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.querySelector("[data-send]")) send(event.target, act);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) event.target.form?.requestSubmit();
  });
  dialog.addEventListener("input", (event) => measure(event.target));
  dialog.addEventListener("close", () => {
    leave();
    const back = document.activeElement; // Chromium gives the focus back before the box can be typed in again
    back.blur();
    back.focus();
    closed();
  });
}

/** Puts this screen into the dialog (null closes it). The focus goes to what comes first. */
export function show(html) {
  leave();
  if (html === null) {
    if (dialog.open) dialog.close();
    return;
  }
  const screen = document.createElement("template");
  screen.innerHTML = html; // escaped by the server, and no script in it could run
  dialog.append(screen.content);
  const title = dialog.querySelector("h2");
  dialog.setAttribute("aria-labelledby", title.id);
  const lines = [...dialog.querySelectorAll(".inside > p, .inside > .draft, .inside > ul")];
  for (const [number, line] of lines.entries()) line.id = `${title.id}-${number}`;
  title.setAttribute("aria-describedby", lines.map((line) => line.id).join(" ")); // read out where the title gets the focus
  for (const radio of dialog.querySelectorAll("[data-loose]:checked")) radio.dataset.was = "1";
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[aria-invalid]") ?? dialog.querySelector("textarea, input[data-limit]");
  (first ?? title).focus();
  dialog.querySelector(".inside").scrollTop = 0;
}

/** The place the open dialog belongs to is remembered by whoever opened it; here is its handle. */
const handle = () => dialog.querySelector("[data-form]").dataset.form;

async function once(what) {
  if (dialog.hasAttribute("aria-busy")) return;
  dialog.setAttribute("aria-busy", "true");
  try {
    await what();
  } finally {
    dialog.removeAttribute("aria-busy");
  }
}

function tap(button, act) {
  const { action, value } = button.dataset;
  once(() => act({ do: "tap", action, value, form: handle() }));
}

function send(form, act) {
  const boxes = [...form.querySelectorAll("[data-limit]")];
  const over = boxes.filter((box) => !measure(box));
  if (over.length) {
    over[0].focus();
    return;
  }
  const sealed = boxes.filter((box) => "sealed" in box.dataset && box.value.trim());
  once(() =>
    act({ do: "send", form: handle(), fields: filled(form) }, () => Promise.all(sealed.map(dissolve))),
  );
}

function filled(form) {
  const fields = {};
  for (const field of form.querySelectorAll(".field")) {
    const controls = [...field.querySelectorAll("input, textarea, select")];
    if (!controls.length) continue;
    const marked = controls.filter((control) => control.checked).map((control) => control.value);
    if (field.dataset.kind === "many") fields[controls[0].name] = marked;
    else if (controls[0].type !== "radio") fields[controls[0].name] = controls[0].value;
    else if (marked.length) fields[controls[0].name] = marked[0];
  }
  return fields;
}

/** Whether the text fits; if not, says by how much at the field. */
function measure(box) {
  if (!box.dataset?.limit) return true;
  const over = [...box.value].length - Number(box.dataset.limit);
  const id = `${box.id}-over`;
  let told = document.getElementById(id);
  if (over <= 0) {
    if (told) {
      told.remove();
      box.removeAttribute("aria-invalid");
      box.setAttribute("aria-describedby", (box.getAttribute("aria-describedby") ?? "").replace(id, "").trim());
    }
    return true;
  }
  if (!told) {
    told = document.createElement("p");
    told.className = "problem";
    told.id = id;
    box.after(told);
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", `${box.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  }
  told.textContent = text("over").replace("{count}", over);
  return false;
}

/** An optional choice can be taken back by choosing it once more. */
function loosen(radio) {
  const again = radio.dataset.was === "1";
  for (const other of dialog.querySelectorAll(`input[name="${CSS.escape(radio.name)}"]`)) delete other.dataset.was;
  if (again) radio.checked = false;
  else radio.dataset.was = "1";
}
