// What organisers and hosts do on their pages, by the names that people and screen readers see.
import { pressLink } from "./browser.mjs";

export async function signIn(page, link) {
  await pressLink(page, link, "Sign in now");
  // An invitation or a first link offers a password; the link itself is enough.
  const later = page.getByRole("button", { name: "Continue without a password" });
  await later.or(page.getByRole("heading", { name: "Congresses" })).waitFor();
  if (await later.isVisible()) await later.click();
  await page.getByRole("heading", { name: "Congresses" }).waitFor();
}

export async function createCongress(page, { title, description, language, zone }) {
  await page.getByRole("button", { name: "New congress" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New congress" });
  await dialog.getByLabel("Title").fill(title);
  await dialog.getByLabel("Description").fill(description);
  await dialog.getByLabel("Language").selectOption({ label: language });
  await dialog.getByLabel("Time zone").selectOption(zone);
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: title, level: 1 }).waitFor();
}

export async function scheduleSession(page, { title, date, time, minutes, listenAt }) {
  await page.getByRole("link", { name: /^Sessions/ }).click();
  await page.getByRole("button", { name: "Schedule a session" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Schedule a session" });
  await dialog.getByLabel("Title").fill(title);
  await dialog.getByLabel("Start: Date").fill(date);
  await dialog.getByLabel("Start: Time").fill(time);
  await dialog.getByLabel("Planned length").fill(String(minutes));
  await dialog.getByLabel("Where to listen").fill(listenAt);
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  await page.waitForURL(/\/sessions\/[0-9a-f-]{36}/);
  return page.url().match(/\/sessions\/([0-9a-f-]{36})/)[1];
}

export async function publish(page) {
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("dialog", { name: "Publish this session?" }).getByRole("button", { name: "Publish" }).click();
  await page.getByRole("link", { name: "Host console" }).waitFor();
}

// criteria: [[attribute, what is typed, what is chosen], …], all of which must hold.
export async function createProfile(page, { name, criteria, registrations, attendees, rate, universe, source }) {
  await page.getByRole("button", { name: "New profile" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New profile" });
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  const group = dialog.getByRole("group", { name: "All of these" });
  for (const [index, [attribute, typed, chosen]] of criteria.entries()) {
    await group.getByRole("button", { name: "Add criterion" }).click();
    await group.getByLabel("Attribute").nth(index).selectOption({ label: attribute });
    const box = group.getByRole("combobox", { name: `${attribute} is one of` });
    await box.fill(typed);
    await group.getByRole("option", { name: chosen }).click();
    await box.press("Escape");
  }
  const optional = { Registrations: registrations, Attendees: attendees, "Participation rate": rate, "Number of HCPs": universe };
  for (const [label, value] of Object.entries(optional))
    if (value) await dialog.getByRole("spinbutton", { name: label }).fill(String(value));
  if (source) await dialog.getByLabel("Source of that number").fill(source);
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name }).waitFor();
}

// The address that the page offers for copying.
export async function createLink(page, { channel, label }) {
  await page.getByRole("button", { name: "New link" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New link" });
  await dialog.getByLabel("Channel").selectOption({ label: channel });
  await dialog.getByLabel("Label").fill(label);
  await dialog.getByRole("button", { name: "Create link" }).click();
  return page.getByLabel(`Registration link: ${channel} · ${label}`).inputValue();
}

export async function inviteHost(page, { name, email }) {
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("button", { name: "Invite someone" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite someone" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByLabel("Language of the mail").selectOption({ label: "English" });
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await page.getByRole("cell", { name: email }).waitFor();
}

export async function uploadDeck(page, file, pages) {
  await page.getByRole("link", { name: "Slides", exact: true }).click();
  await page.getByLabel("choose a file").setInputFiles(file);
  await page.getByText("Ready", { exact: true }).waitFor({ timeout: 60000 });
  await page.getByText(`${pages} pages`, { exact: true }).waitFor();
}

export async function preparePoll(page, { question, answers }) {
  await page.getByRole("link", { name: "Polls", exact: true }).click();
  await page.getByRole("button", { name: "New poll" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New poll" });
  await dialog.getByLabel("Question").fill(question);
  for (const [index, answer] of answers.entries()) {
    if (index >= 2) await dialog.getByRole("button", { name: "Add answer" }).click();
    await dialog.getByLabel(`Answer ${index + 1}`, { exact: true }).fill(answer);
  }
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: question }).waitFor();
}
