// The tests' npm packages are the browser side's development packages: one lock file for both.
import { createRequire } from "node:module";

export const need = createRequire(new URL("../../../web/package.json", import.meta.url));
export const root = new URL("../../../", import.meta.url).pathname;
