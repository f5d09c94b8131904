// What every page has to be, whoever looks at it.
import assert from "node:assert/strict";
import { axe } from "./browser.mjs";

export const shots = process.env.SHOTS; // a folder, for pictures of what pages look like

// Nothing that axe finds, and nothing that scrolls sideways. name: of the picture, too.
export async function lookAt(page, name) {
  const found = await axe(page); // once nothing moves
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  assert.deepEqual(found, [], name);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${name} scrolls sideways`);
}
