// Draws cards with Microsoft's own renderer, as wide as a dialog: node draw.mjs FOLDER CHROMIUM, cards {name: card} on stdin.
// Prints the text of each picture as {name: text}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [folder, chrome] = process.argv.slice(2);
const renderer = createRequire(import.meta.url).resolve("adaptivecards/dist/adaptivecards.js");
const browser = await chromium.launch({ executablePath: chrome, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 600, height: 400 } });
await page.setContent("<body style='margin: 16px'></body>");
await page.addScriptTag({ path: renderer });
const told = {};
for (const [name, card] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  told[name] = await page.evaluate((payload) => {
    const drawn = new AdaptiveCards.AdaptiveCard();
    drawn.hostConfig = new AdaptiveCards.HostConfig({ fontFamily: "sans-serif", spacing: { small: 4, default: 10 } });
    drawn.parse(payload);
    document.body.replaceChildren(drawn.render());
    const typed = [...document.querySelectorAll("input, textarea, option")].map((node) => node.value + (node.text ?? ""));
    return [document.body.innerText, ...typed].join("\n");
  }, card);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
console.log(JSON.stringify(told));
await browser.close();
