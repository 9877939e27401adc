// The page: panes, the message box, the chat; puts on the screen what the coach answers.

import { ask, letters, text } from "./talk.js";
import { dialogs, show } from "./dialog.js";
import { commands } from "./menu.js";

const $ = (selector, within = document) => within.querySelector(selector);
const tabs = [...document.querySelectorAll("[role=tab]")];
const box = $("#message");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let pane = "chat";

const log = (name) => $(`#pane-${name} .log`);

// ------------------------------------------------------------------ the chat

function add(name, element) {
  const first = !log(name).childElementCount;
  log(name).append(element);
  if (name === pane && !first) down(element); // the first one leaves the notice in sight
  return element;
}

/** Shows the end of the chat, or the beginning of what just came when it is longer than the window. */
function down(element) {
  const main = $("main");
  const top = main.scrollTop + element.getBoundingClientRect().top - main.getBoundingClientRect().top - 16;
  main.scrollTo({ top: Math.min(top, main.scrollHeight), behavior: still.matches ? "auto" : "smooth" });
}

function piece(html) {
  const made = document.createElement("template");
  made.innerHTML = html; // escaped by the server, and no script in it could run
  const article = made.content.firstElementChild;
  article.prepend(hidden(text("coach")));
  return article;
}

/** An answer that leaves the dialog goes on in the chat. */
function keep(answer) {
  if (pane === "home") return;
  const article = document.createElement("article");
  article.className = "from-coach";
  const title = document.createElement("h3");
  title.append(...$("h2", answer).childNodes);
  article.append(hidden(text("coach")), title, ...$(".inside", answer).childNodes);
  add(pane, article);
}

/** A card that a model had a look at takes the place of the one that was shown at once. */
function better({ key, html }) {
  const old = [...document.querySelectorAll("[data-later]")].find((card) => card.dataset.later === key);
  if (!old) return;
  const made = piece(html);
  if (old.tagName === "ARTICLE") old.replaceWith(made);
  else {
    $("h3", made)?.remove(); // it is the dialog's title
    $(".quiet", made)?.remove();
    old.replaceChildren(...made.childNodes);
    delete old.dataset.later;
  }
}

function hidden(words) {
  const span = document.createElement("span");
  span.className = "quiet";
  span.textContent = `${words}: `;
  return span;
}

function yours(words, { handable = false } = {}) {
  const article = document.createElement("article");
  article.className = "from-you";
  const bubble = document.createElement("p");
  bubble.dir = "auto";
  bubble.textContent = words;
  bubble.prepend(hidden(text("you")));
  article.append(bubble);
  if (handable && words.trim().length >= 40) {
    const hand = document.createElement("button");
    hand.type = "button";
    hand.className = "hand";
    hand.textContent = text("review");
    hand.addEventListener("click", () => act({ do: "hand", text: words, own: true }));
    article.append(hand);
  }
  return article;
}

function notice(words) {
  const note = document.createElement("p");
  note.className = "aside";
  note.textContent = words;
  return note;
}

function waiting(name) {
  const dots = notice("");
  dots.classList.add("waiting");
  dots.append(hidden(text("waiting")));
  const timer = setTimeout(() => add(name, dots), 350);
  return () => {
    clearTimeout(timer);
    dots.remove();
  };
}

// ------------------------------------------------------------------ one thing a person did

/** Asks the coach and shows the answer; `before` runs when the answer is there, before it is shown. */
async function act(what, before = async () => {}) {
  const place = what.place ?? pane;
  const done = waiting(place);
  const answer = await ask({ ...what, place });
  done();
  if (answer.problem) {
    show(null);
    add(place, notice(answer.problem));
    return answer;
  }
  await before();
  if (answer.dialog !== null || "form" in what) show(answer.dialog);
  if (what.do === "open" && what.surface === "home") log("home").replaceChildren(...answer.chat.map(piece));
  else for (const html of answer.chat) add(place, piece(html));
  return answer;
}

function say(words) {
  if (!words.trim()) return;
  const command = words.startsWith("/");
  const line = add(pane, yours(words, { handable: !command }));
  act({ do: "say", text: words }).then((answer) => {
    if (command && answer.dialog && !answer.chat.length) line.remove(); // the dialog is the answer
  });
}

$("main").addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  const { action, value } = button.dataset;
  act({ do: "tap", action, value });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const draft = button.closest(".draft").querySelector(".draft-text");
  try {
    await navigator.clipboard.writeText(draft.textContent);
    $("#status").textContent = text("copied");
    const label = button.textContent;
    button.textContent = text("copied");
    setTimeout(() => (button.textContent = label), 1600);
  } catch {
    getSelection().selectAllChildren(draft); // the person can copy it themselves
  }
});

// ------------------------------------------------------------------ the message box

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, innerHeight * 0.4)}px`;
}

function sent() {
  const words = box.value;
  box.value = "";
  grow();
  say(words);
}

commands(box, $("#slash"), (command) => {
  box.value = "";
  grow();
  say(`/${command}`);
});
box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sent();
});
$("#composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sent();
  box.focus();
});

// ------------------------------------------------------------------ panes, theme, letters

function go(name) {
  pane = name;
  for (const tab of tabs) {
    const here = tab.dataset.pane === name;
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
    $(`#pane-${tab.dataset.pane}`).hidden = !here;
    if (here && $(".dot", tab)) $(".dot", tab).hidden = true;
  }
  $("footer").hidden = name === "home";
  if (name === "home") act({ do: "open", surface: "home", place: "home" });
  else $("main").scrollTop = $("main").scrollHeight;
}

for (const tab of tabs) tab.addEventListener("click", () => go(tab.dataset.pane));
$("[role=tablist]").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = tabs[(tabs.findIndex((tab) => tab.dataset.pane === pane) + step + tabs.length) % tabs.length];
  next.focus();
  go(next.dataset.pane);
});

const dark = matchMedia("(prefers-color-scheme: dark)");
function paint(theme) {
  document.documentElement.dataset.theme = theme;
  $("#theme").setAttribute("aria-label", theme === "dark" ? $("#theme").dataset.light : $("#theme").dataset.dark);
}
dark.addEventListener("change", () => paint(dark.matches ? "dark" : "light"));
$("#theme").addEventListener("click", () =>
  paint(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
);

paint(dark.matches ? "dark" : "light");
dialogs(act, () => pane === "home" && go("home"), keep);
act({ do: "open", surface: "chat", place: "chat" }).then(() =>
  letters((letter) => {
    if (letter.key) return better(letter);
    add(letter.place, piece(letter.html));
    if (letter.place !== pane) $(`#tab-${letter.place} .dot`)?.removeAttribute("hidden");
  }),
);
if (matchMedia("(pointer: fine)").matches) box.focus();
