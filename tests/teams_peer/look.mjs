// Plays a person in the Playground's own page and takes pictures: node look.mjs ADDRESS FOLDER CHROMIUM
// Ends with 1 and a line when something does not come to the screen.
import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";

const [address, folder, chrome] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: chrome,
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
page.setDefaultTimeout(15000);
await page.route("**/*", (route) => (["127.0.0.1", "localhost"].includes(new URL(route.request().url()).hostname) ? route.continue() : route.abort()));

const steps = [];
const look = async (name) => {
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${folder}/${name}.png` });
  steps.push(name);
};
const box = () => page.locator("div[data-lexical-editor=true]").first();
const say = async (words, waits) => {
  await box().click();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await page.getByText(waits).last().waitFor();
};
const dialog = () => page.getByRole("dialog").last();
const extension = async (id) => {
  await page.getByRole("button", { name: "Trigger Message Extension App" }).click();
  await page.getByText("Action Command", { exact: true }).last().click();
  await dialog().locator("input").first().fill(id);
  await dialog().getByRole("button", { name: "Create" }).click();
};

try {
  await page.goto(address);
  await page.getByText("Hello, I am Breather").waitFor();
  await look("1-install");
  await say("Customer: My parcel is three weeks late and nobody answers. Me: As per our policy you have to wait. Calm down.", "One thing to change");
  await look("2-review-in-chat");
  await page.getByRole("button", { name: "Why this rule" }).last().click();
  await page.waitForTimeout(1500);
  await look("3-rule");
  await say("give me a tip", "A plan for today");
  await look("4-tip");
  await say("remind me every weekday at 9, Berlin time", "every weekday at 09:00");
  await look("5-reminder");
  await say("vent", "Vent");
  await look("6-vent-offer");
  await extension("ventSpace");
  await page.getByText("I keep nothing and tell nobody").waitFor();
  await look("7-vent-dialog");
  await dialog().locator("textarea").first().fill("He shouted at me about a sticker");
  await dialog().getByRole("button", { name: "Shred it" }).click();
  await page.getByText("hredded").first().waitFor();
  await look("8-vent-shredded");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(300);
  const close = page.getByRole("button", { name: /^(Cancel|Close)$/ });
  if (await close.count()) await close.last().click();
  await extension("noteRemark");
  await page.getByText("exactly what I would keep").waitFor();
  await dialog().locator("textarea").first().fill("The app keeps crashing");
  await look("9-remark-dialog");
  await dialog().getByRole("button", { name: "Only an answer, keep nothing" }).click();
  await dialog().getByText("worth passing on").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForTimeout(300);
  const shut = page.getByRole("button", { name: /^(Cancel|Close)$/ });
  if (await shut.count()) await shut.last().click();
  await extension("reviewReply");
  await page.getByText("Paste what you want to send").waitFor();
  await look("10-review-dialog");
  const fields = dialog().locator("textarea");
  await fields.nth(0).fill("My parcel is three weeks late and nobody answers.");
  await fields.nth(1).fill("As per our policy you have to wait. Calm down.");
  await dialog().getByRole("button", { name: "Review", exact: true }).click();
  await dialog().getByText("One thing to change").waitFor();
  await look("11-review-result");
  await dialog().getByRole("button", { name: "Put it in my message" }).click();
  await dialog().getByText("in place of each [bracket]").waitFor();
  await look("12-slots-first");
  await dialog().locator("textarea").first().fill("I am sorry it is three weeks late. I call the depot now and write to you by noon.");
  await dialog().getByRole("button", { name: "Put it in my message" }).click();
  await page.getByText("I call the depot now").last().waitFor();
  await look("13-compose-box");
} catch (error) {
  await page.screenshot({ path: `${folder}/failed.png` });
  console.log(`after ${steps.join(", ")}: ${error.message.split("\n").slice(0, 6).join(" ")}`);
  process.exitCode = 1;
}
await browser.close();
