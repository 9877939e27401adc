// Plays the main dialogs in a real browser, by keyboard, and takes screenshots.
// node play.mjs ADDRESS FOLDER [chat,vent,review,...]   exits with 1 and a list when anything on the page is not as it must be.

import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";

const [address, folder, parts = "chat,vent,review,reminders,team,settings,said"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const faults = [];
const fault = (where, what) => faults.push(`${where}: ${what}`);

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});

// ------------------------------------------------------------------ a page that is watched

async function opened(name, options = {}) {
  const context = await browser.newContext({ timezoneId: "Europe/Berlin", locale: "en-GB", viewport: { width: 900, height: 760 }, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: address });
  const page = await context.newPage();
  page.on("console", (line) => line.type() === "error" && fault(name, `console: ${line.text()}`));
  page.on("pageerror", (error) => fault(name, `script: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(`${address}/`) && !request.url().startsWith("data:")) fault(name, `request to ${new URL(request.url()).host}`);
    if (/text|words|draft/.test(new URL(request.url()).search)) fault(name, `text in ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(address);
  await page.locator("#pane-chat article").first().waitFor();
  return page;
}

async function look(page, name) {
  await page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect.getTiming().iterations === 1).map((a) => a.finished)));
  const wide = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const open = document.querySelector("dialog[open] .inside");
    return document.documentElement.scrollWidth > room || document.querySelector("main").scrollWidth > room || (open && open.scrollWidth > open.clientWidth);
  });
  if (wide) fault(name, "wider than the window");
  for (const nameless of await page.evaluate(withoutName)) fault(name, `no accessible name: ${nameless}`);
  for (const pale of await page.evaluate(tooPale)) fault(name, `contrast: ${pale}`);
  await page.screenshot({ path: `${folder}/${name}.png` });
}

function withoutName() {
  const named = (node) => {
    const by = (node.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join("");
    const labels = [...(node.labels ?? [])].map((label) => label.textContent).join("");
    return (node.getAttribute("aria-label") || by || labels || (node.matches("button, [role=tab], [role=option]") ? node.textContent : "")).trim();
  };
  return [...document.querySelectorAll("button, input, textarea, select, dialog[open], [role=log], [role=tab], [role=tabpanel], [role=listbox], [role=option], [role=region]")]
    .filter((node) => !node.closest("[hidden]") && !named(node))
    .map((node) => node.outerHTML.slice(0, 120));
}

// Text must stand out from what is behind it: 4.5 to 1, or 3 to 1 when large (WCAG AA).
function tooPale() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => known.get(colour) ?? known.set(colour, drawn(colour)).get(colour);
  const drawn = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility({ opacityProperty: true }) || node.closest(".quiet, datalist, template")) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(rgba(style.color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${node.tagName} ${node.textContent.trim().slice(0, 40)}`);
  }
  return found;
}

// ------------------------------------------------------------------ what a person does, by keyboard

const dialog = (page) => page.locator("dialog[open]");
const title = (page) => dialog(page).locator("h2").innerText();

async function type(page, words) {
  await page.locator("#message").focus();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

async function command(page, name) {
  await type(page, `/${name}`);
  await dialog(page).waitFor();
}

/** Presses a button by keyboard: Tab until it has the focus, then Enter. */
async function press(page, button) {
  await button.waitFor();
  for (let steps = 0; steps < 60; steps += 1) {
    if (await button.evaluate((node) => node === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  if (!(await button.evaluate((node) => node === document.activeElement))) fault("keyboard", `never reached ${await button.innerText()}`);
  await page.keyboard.press("Enter");
}

async function changed(page, what) {
  const before = await dialog(page).locator("[data-form]").getAttribute("data-form");
  await what();
  await page.waitForFunction((old) => {
    const screen = document.querySelector("dialog[open] [data-form]");
    return !screen || screen.dataset.form !== old;
  }, before);
}

/** Puts the dialog away, if one is open, and waits until the page has tidied up after it. */
async function away(page) {
  if (!(await dialog(page).count())) return;
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("#dialog").childElementCount);
}

async function inDialog(page, where) {
  const inside = await page.evaluate(() => document.querySelector("dialog[open]")?.contains(document.activeElement));
  if (!inside) fault(where, "the focus is not in the dialog");
  const silent = await page.evaluate(() => {
    const told = (document.activeElement.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    return document.activeElement.matches("h2") && !told.some((id) => document.getElementById(id)?.textContent.trim());
  });
  if (silent) fault(where, "the screen's lines are not read out with its title");
}

/** Goes on in the dialog as most people would: send it, else the first button. */
async function onward(page) {
  const send = dialog(page).locator("[data-send]");
  const first = dialog(page).locator(".inside .choice").first();
  const next = (await send.count()) ? send : first;
  await changed(page, () => press(page, next));
}

// ------------------------------------------------------------------ the dialogs

async function chat(page, prefix = "") {
  await look(page, `${prefix}chat`);
  await page.keyboard.type("/");
  await page.locator("#menu").waitFor();
  await look(page, `${prefix}menu`);
  await page.keyboard.press("Escape");
  await page.locator("#message").fill("");
}

async function ventWhole(page, prefix = "") {
  await command(page, "vent");
  await inDialog(page, "vent");
  await look(page, `${prefix}vent-1`);
  const box = dialog(page).locator("textarea[data-sealed]");
  if (prefix && !(await box.count())) return away(page); // the third within the hour is offered a break instead
  await box.focus();
  await page.keyboard.insertText("Three weeks of the same angry mails and every one of them ends up with me. I have had enough of it today.");
  await look(page, `${prefix}vent-1-written`);
  const before = await dialog(page).locator("[data-form]").getAttribute("data-form");
  await press(page, dialog(page).locator("[data-send]"));
  if (!prefix) {
    await page.locator(".paper").waitFor();
    if ((await box.inputValue()) !== "") fault("vent", "the box still holds the text");
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${folder}/vent-shredding.png` });
  }
  await page.waitForFunction((old) => document.querySelector("dialog[open] [data-form]")?.dataset.form !== old, before);
  for (let step = 2; step <= 4 && (await dialog(page).count()); step += 1) {
    await inDialog(page, `vent-${step}`);
    await look(page, `${prefix}vent-${step}`);
    if (step < 4) await onward(page);
  }
  await away(page);
  if ((await page.content()).includes("angry mails")) fault("vent", "the text is still in the page");
  if (!(await page.evaluate(() => document.activeElement?.id === "message"))) fault("vent", "the focus did not come back");
}

async function review(page, prefix = "") {
  await command(page, "review");
  await look(page, `${prefix}review-1`);
  await onward(page); // nothing filled in: says what is missing
  await look(page, `${prefix}review-problem`);
  await dialog(page).locator("textarea").first().focus();
  await page.keyboard.insertText("My parcel is three weeks late and nobody answers.");
  await page.keyboard.press("Tab");
  await page.keyboard.insertText("As per our policy you have to wait. Calm down.");
  await onward(page);
  if (await dialog(page).count()) await look(page, `${prefix}review-result`);
  const copy = page.locator("[data-copy]").last();
  if (await copy.count()) {
    await press(page, copy);
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).length > 20);
  } else fault("review", "no draft to copy");
  await away(page);
}

async function reminders(page, prefix = "") {
  await command(page, "remind");
  await look(page, `${prefix}remind-1`);
  await dialog(page).locator("input[type=time]").fill(TIMES[prefix]);
  await onward(page);
  await look(page, `${prefix}remind-2`);
  await away(page);
}

async function settings(page, prefix = "") {
  await page.locator("#tab-chat").focus();
  await page.keyboard.press("ArrowRight");
  await look(page, `${prefix}team`);
  await page.keyboard.press("ArrowRight");
  await page.locator("#pane-home article").first().waitFor();
  await look(page, `${prefix}settings`);
  await page.keyboard.press("ArrowRight");
  await page.locator("#message").focus();
}

/** A tip for the pretend team is set in its channel, and said there for everyone to see. */
async function team(page, prefix = "") {
  await page.locator("#tab-chat").focus();
  await page.keyboard.press("ArrowRight");
  await command(page, "team");
  await look(page, `${prefix}team-1`);
  await dialog(page).locator("select[name=channel]").selectOption("team");
  await dialog(page).locator("input[type=time]").fill(TIMES[prefix]); // the same one twice is declined
  await onward(page);
  await look(page, `${prefix}team-2`);
  await away(page);
  await page.locator("#pane-team [data-public]").waitFor();
  await look(page, `${prefix}team-said`);
  await page.locator("#tab-team").focus();
  await page.keyboard.press("ArrowLeft");
}

/** A whole game: whom, two replies, the end. */
async function practice(page, prefix = "") {
  await command(page, "practice");
  await look(page, `${prefix}practice-1`);
  await dialog(page).locator("select[name=who]").selectOption("energy");
  await onward(page);
  await look(page, `${prefix}practice-2`);
  for (const [turn, words] of REPLIES.entries()) {
    if (!(await dialog(page).locator("textarea").count())) break;
    await dialog(page).locator("textarea").fill(words);
    await onward(page);
    await look(page, `${prefix}practice-${turn + 3}`);
  }
  await away(page);
}

/** A remark is noted, a promise is kept, and the rules are noted from one review on. */
async function growing(page, prefix = "") {
  await command(page, "heard the app keeps crashing, says ana@example.org");
  await look(page, `${prefix}heard-1`);
  await dialog(page).locator("select[name=channel]").selectOption("team");
  await onward(page);
  await look(page, `${prefix}heard-2`);
  await away(page);
  if (!prefix) {
    await type(page, "/mine");
    await press(page, page.getByRole("button", { name: "Tips on what I miss" }).last());
    await press(page, page.getByRole("button", { name: "Yes, note it from now on" }).last());
    await page.getByRole("button", { name: "Note nothing more" }).last().waitFor();
  }
  await type(page, "/review As per our policy you have to wait. I'll get back to you tomorrow at 3 pm.");
  await press(page, page.getByRole("button", { name: "Remind me of it" }).last());
  await dialog(page).waitFor();
  await look(page, `${prefix}promise-1`);
  await onward(page);
  await look(page, `${prefix}promise-2`);
  await away(page);
  await type(page, "/promises");
  await page.getByRole("button", { name: "Again tomorrow" }).last().waitFor();
  await look(page, `${prefix}promises`);
  await type(page, "/mine");
  await page.getByRole("button", { name: "Pin" }).last().waitFor();
  await look(page, `${prefix}mine`);
}

async function said(page, prefix = "") {
  await type(page, "As per our policy you have to wait. We can't do anything about it <b>now</b>. Calm down.");
  await page.locator("#pane-chat .from-you ~ .from-coach").first().waitFor();
  await look(page, `${prefix}said`);
}

/** The chat starts fresh, and the theme can be turned by hand. */
async function fresh(page) {
  await page.reload();
  await page.locator("#pane-chat article").first().waitFor();
  if (await page.locator(".from-you").count()) fault("reload", "the chat did not start fresh");
  await page.locator("#theme").focus();
  await page.keyboard.press("Enter");
  await look(page, "dark-by-hand");
}

/** The form that holds every kind of field, which the tests' stand-in coach has. */
async function kinds(page, prefix = "") {
  await command(page, "kinds");
  await look(page, `${prefix}kinds`);
  await dialog(page).locator("input, textarea, select").last().scrollIntoViewIfNeeded();
  await look(page, `${prefix}kinds-end`);
  await dialog(page).locator("input[data-limit]").first().fill("x".repeat(3001));
  const told = await dialog(page).locator(".problem").first().innerText();
  if (!told.includes("1 character")) fault(`${prefix}kinds`, "it does not say that the text is too long");
  await away(page);
}

const TIMES = { "": "09:15", "dark-": "10:15", "narrow-": "11:15" };
const REPLIES = [
  "I am sorry, a bill three times as high is a shock. I can check the meter reading with you now.",
  "That must be hard to plan with. I have sent somebody to read the meter, and I will stop the payment until then.",
];
const PARTS = { chat, vent: ventWhole, review, reminders, team, settings, practice, growing, said, kinds };
const LOOKS = {
  "": {},
  "dark-": { colorScheme: "dark", reducedMotion: "reduce" },
  "narrow-": { viewport: { width: 360, height: 700 }, reducedMotion: "reduce" },
};

try {
  for (const [prefix, options] of Object.entries(LOOKS)) {
    const page = await opened(prefix, options);
    for (const part of parts.split(",")) {
      if (prefix !== "dark-" || !["reminders", "team", "practice", "growing"].includes(part)) await PARTS[part](page, prefix);
    }
    if (prefix === "") await fresh(page);
    await page.context().close();
  }
} catch (error) {
  fault("play", error.message);
  for (const context of browser.contexts()) for (const page of context.pages()) await page.screenshot({ path: `${folder}/stopped.png` });
} finally {
  await browser.close();
}
for (const line of faults) console.log(line);
process.exit(faults.length ? 1 : 0);
