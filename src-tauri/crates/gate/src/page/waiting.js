
(() => {
  "use strict";
  const page = document.querySelector("main");
  const ends = document.getElementById("ends");
  const trouble = document.getElementById("trouble");
  const open = document.getElementById("open");
  const here = `/api-keys/authorize/${page.dataset.request}`;
  const secret = encodeURIComponent(new URLSearchParams(location.search).get("c") ?? "");
  const locked = page.dataset.locked === "true";
  let nonce = page.dataset.raise;
  let end = performance.now() + 1000 * Number(page.dataset.endsIn);
  let failures = 0;

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  function countDown() {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    ends.textContent = `ends in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }

  // True once there is something else to show at this address.
  async function isOver() {
    const answer = await fetch(`${here}/status?c=${secret}&locked=${locked}`, {
      headers: { Prefer: "wait=20" },
      cache: "no-store",
      redirect: "error",
    });
    if (!answer.ok) return true;
    const now = await answer.json();
    if (now.status !== "pending" || now.locked !== locked) return true;
    end = performance.now() + 1000 * now.endsIn;
    if (!answer.headers.has("Preference-Applied")) await pause(2000);
    return false;
  }

  async function watch() {
    while (failures < 4) {
      try {
        if (await isOver()) return location.reload();
        failures = 0;
      } catch {
        failures += 1;
        await pause(500 * failures);
      }
    }
    stop();
  }

  function stop() {
    clearInterval(clock);
    document.body.classList.add("stopped");
    ends.textContent = "";
    trouble.textContent = "Fieldgate does not answer any more. Start it, then go back to the app and ask again.";
    trouble.hidden = false;
  }

  async function raise(event) {
    event.preventDefault();
    try {
      const answer = await fetch(`${here}/raise?c=${secret}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ nonce }),
      });
      if (answer.ok) nonce = (await answer.json()).nonce;
      else location.reload();
    } catch {
      // The watch finds out by itself when nobody answers.
    }
  }

  const clock = setInterval(countDown, 1000);
  open?.addEventListener("click", raise);
  watch();
})();
