// The request sheet for each kind of receiver, and a key that was held back.

export const receiverPages = [
  { name: "receiver-nobody", scene: "receivers", act: open("Nobody") },
  { name: "receiver-other-user", scene: "receivers", act: open("Another user") },
  { name: "receiver-root", scene: "receivers", act: open("Root") },
  { name: "receiver-changed", scene: "receivers", act: open("Changed") },
  { name: "sender-elsewhere", scene: "receivers", act: open("Elsewhere") },
  { name: "asker-unknown", scene: "receivers", act: open("Unknown program") },
  { name: "asker-ended", scene: "receivers", act: open("Ended") },
  { name: "deliver-elsewhere", scene: "typical", act: deliver },
];

function open(name) {
  return async (page) => {
    await page.getByTestId("request-card").filter({ hasText: name }).first().click();
    await page.getByTestId("request-sentence").waitFor();
    await page.waitForTimeout(800);
  };
}

async function deliver(page) {
  await page.getByTestId("history-row").filter({ hasText: "Held back" }).getByTestId("deliver-again").click();
  await page.getByTestId("deliver-elsewhere").waitFor();
}
