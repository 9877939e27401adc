// Opens local-slack in a headless browser and takes a picture: node look.mjs URL PLACE FILE CHROMIUM
// PLACE is a name in the side bar ("support", a person, "breather" for App Home). Prints the text of the page.
import { chromium } from 'playwright-core';

const [url, place, file, chrome] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
await page.goto(url);
await page.getByText('ui live').waitFor();
await page.evaluate((name) => {
  const items = [...document.querySelectorAll('.sidebar-item')];
  items.find((item) => item.textContent.includes(name))?.click();
}, place);
await page.waitForTimeout(400);
await page.screenshot({ path: file });
console.log(await page.evaluate(() => document.body.innerText));
console.log((await page.locator('option').allTextContents()).join('\n'));
await browser.close();
