// The host's console, by the names that people and screen readers see.
export class HostConsole {
  constructor(page, pages) {
    this.page = page;
    this.pages = pages;
  }

  async #confirm(title, action) {
    const dialog = this.page.getByRole("dialog", { name: title });
    await dialog.waitFor();
    const at = Date.now();
    await dialog.getByRole("button", { name: action }).click();
    await dialog.waitFor({ state: "detached" });
    return at;
  }

  async #panel(name) {
    await this.page.getByRole("tab", { name }).click();
  }

  // Returns when, by the clock of the test, the server was asked.
  async start() {
    await this.page.getByRole("button", { name: "Start the session" }).click();
    const at = await this.#confirm("Start the session now?", "Start the session");
    await this.page.getByText("Live", { exact: true }).waitFor();
    return at;
  }

  async end() {
    await this.page.getByRole("button", { name: "End the session" }).click();
    const at = await this.#confirm("End the session for everybody?", "End the session");
    await this.page.getByText("This session has ended").waitFor();
    return at;
  }

  async #on(number) {
    await this.page.getByText(`Slide ${number} of ${this.pages}`, { exact: true }).waitFor();
  }

  async next(number) {
    await this.page.getByRole("button", { name: "Next slide" }).click();
    await this.#on(number);
  }

  async key(name, number) {
    await this.page.keyboard.press(name);
    await this.#on(number);
  }

  async jump(number) {
    await this.page.getByRole("button", { name: `Go to slide ${number}`, exact: true }).click();
    await this.#on(number);
  }

  // People present; by the console's own line, each person once.
  async present(count) {
    const text = count === 1 ? "1 participant" : `${count} participants`;
    await this.page.getByRole("region", { name: "Host console" }).getByText(text, { exact: true }).waitFor();
  }

  async attended(count) {
    await this.#panel(/^Present/);
    const all = this.page.getByRole("listitem").filter({ hasText: "All registrations" });
    await all.getByText(new RegExp(`Attended\\s*${count}`)).or(all.locator("div").filter({ hasText: new RegExp(`^Attended${count}$`) })).first().waitFor({ timeout: 60000 });
  }

  async #moderate(text, pile, action) {
    await this.#panel(/^Questions/);
    await this.page.getByText(new RegExp(`^${pile} \\(`)).click();
    await this.page.getByRole("listitem").filter({ hasText: text }).getByRole("button", { name: action, exact: true }).click();
  }

  approve = (text) => this.#moderate(text, "To review", "Show");
  dismiss = (text) => this.#moderate(text, "To review", "Dismiss");
  answer = (text) => this.#moderate(text, "Shown", "Mark as answered");

  async supported(text, votes) {
    await this.page.getByText(/^Shown \(/).click();
    await this.page.getByRole("listitem").filter({ hasText: text }).getByText(`▲ ${votes}`).waitFor();
  }

  async #poll(question, action) {
    await this.#panel(/^Polls/);
    await this.page.getByRole("region", { name: question }).getByRole("button", { name: action, exact: true }).click();
  }

  async openPoll(question) {
    await this.#poll(question, "Open");
    await this.page.getByRole("region", { name: question }).getByText("Poll open").waitFor();
  }

  async closePoll(question) {
    await this.#poll(question, "Close");
    await this.page.getByRole("region", { name: question }).getByText("Poll closed").waitFor();
  }

  async showResults(question) {
    await this.#poll(question, "Show results");
    await this.page.getByRole("region", { name: question }).getByText("Results shown").waitFor();
  }
}
