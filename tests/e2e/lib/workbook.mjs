// Workbooks as spreadsheet programs write them. A cell is null, a text, a number, {day: number} as Excel counts days,
// {formula, value} or {error}; {raw} is a number as it stands in the file.
import { need } from "./need.mjs";

const { strToU8, zipSync } = need("fflate");
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function cell(value, at, shared) {
  if (value === null) return "";
  if (typeof value === "string") {
    if (!shared.has(value)) shared.set(value, shared.size);
    return `<c r="${at}" t="s"><v>${shared.get(value)}</v></c>`;
  }
  if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  if ("raw" in value) return `<c r="${at}"><v>${value.raw}</v></c>`;
  if ("day" in value) return `<c r="${at}" s="1"><v>${value.day}</v></c>`;
  if ("error" in value) return `<c r="${at}" t="e"><v>${value.error}</v></c>`;
  return `<c r="${at}" t="str"><f>${escape(value.formula)}</f><v>${escape(value.value)}</v></c>`;
}

// Sheets by name, each of rows.
export function workbook(sheets) {
  const shared = new Map(), names = Object.keys(sheets);
  const sheet = (rows) => `${HEAD}<worksheet ${MAIN}><sheetData>${rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, `${String.fromCharCode(65 + c)}${r + 1}`, shared)).join("")}</row>`).join("")}</sheetData></worksheet>`;
  const parts = Object.fromEntries(names.map((name, n) => [`xl/worksheets/sheet${n + 1}.xml`, sheet(sheets[name])]));
  const relation = (id, type, target) => `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`;
  const files = {
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    "xl/workbook.xml": `${HEAD}<workbook ${MAIN} xmlns:r="${REL}"><sheets>${names.map((name, n) => `<sheet name="${escape(name)}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${names.map((_, n) => relation(`rId${n + 1}`, "worksheet", `worksheets/sheet${n + 1}.xml`)).join("")}${relation("rId90", "styles", "styles.xml")}${relation("rId91", "sharedStrings", "sharedStrings.xml")}</Relationships>`,
    "xl/styles.xml": `${HEAD}<styleSheet ${MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ...parts,
    "xl/sharedStrings.xml": `${HEAD}<sst ${MAIN}>${[...shared.keys()].map((text) => `<si><t xml:space="preserve">${escape(text)}</t></si>`).join("")}</sst>`,
  };
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))));
}
