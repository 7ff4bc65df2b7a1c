"use strict";
// Passkeys: asks the server what to ask the device, and sends the device's answer with the form.
// Without this script, or where the browser knows no passkeys, people sign in by links.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const ask = async (asked) => {
  asked.challenge = toBytes(asked.challenge);
  if (asked.user) {
    asked.user.id = toBytes(asked.user.id);
    for (const each of asked.excludeCredentials || []) each.id = toBytes(each.id);
    return navigator.credentials.create({ publicKey: asked });
  }
  return navigator.credentials.get({ publicKey: asked });
};

const told = (key) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (key.response[name]) response[name] = toText(key.response[name]);
  return JSON.stringify({ id: key.id, rawId: toText(key.rawId), type: key.type, response });
};

for (const form of document.querySelectorAll("form[data-begin]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const unable = document.getElementById("no-key");
  if (unable) unable.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const status = form.querySelector(".told");
    if (button.hasAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    status.textContent = form.dataset.waiting;
    try {
      const answer = await fetch(form.dataset.begin, {
        method: "POST",
        body: new URLSearchParams({ csrf: form.elements.csrf.value }),
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      form.elements.key.value = told(await ask(await answer.json()));
      form.submit();
    } catch {
      // Refused by the person, by the device or by the server: they may try again.
      status.textContent = form.dataset.failed;
      button.removeAttribute("aria-disabled");
    }
  });
}
