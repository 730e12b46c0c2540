// Passkeys: the browser's own dialogue between a form and its submit. `form[data-passkey="create"|"get"]` names the
// element that holds the options (`data-passkey-options`), or asks its own address for them (`data-passkey-fetch`).
// Its button appears here: without a script, or in a browser that knows no passkeys, there is none.

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

function textOf(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** What the server wrote in letters, as the browser wants it: in bytes. */
function readable(options) {
  const key = { ...options.publicKey, challenge: bytesOf(options.publicKey.challenge) };
  const described = (list) => list?.map((one) => ({ ...one, id: bytesOf(one.id) }));
  if (key.user) key.user = { ...key.user, id: bytesOf(key.user.id) };
  if (key.excludeCredentials) key.excludeCredentials = described(key.excludeCredentials);
  if (key.allowCredentials) key.allowCredentials = described(key.allowCredentials);
  return { publicKey: key };
}

/** What the browser answered, in letters. */
function sendable(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = textOf(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
    response: parts,
  };
}

async function optionsOf(form) {
  if (!("passkeyFetch" in form.dataset)) {
    return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error("no options");
  return (await answer.json()).request_options;
}

/** A passkey that lets in by itself must be kept on the device and ask for its owner each time. */
function alone(options) {
  options.publicKey.authenticatorSelection = {
    ...options.publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
}

async function ask(form) {
  const options = readable(await optionsOf(form));
  if (form.dataset.passkey !== "create") return navigator.credentials.get(options);
  if (form.elements.passwordless?.checked) alone(options);
  return navigator.credentials.create(options);
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.querySelector("button[hidden]").hidden = false;
  for (const words of form.querySelectorAll("[data-without-script]")) words.hidden = true;
  let asking = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Pressed twice, the browser would refuse the second question and the page would say that the first had failed.
    if (asking) return;
    asking = true;
    const said = form.querySelector("[data-passkey-said]");
    said.textContent = "";
    event.submitter?.setAttribute("aria-busy", "true");
    try {
      form.elements.credential.value = JSON.stringify(sendable(await ask(form)));
      form.submit();
    } catch {
      said.textContent = form.dataset.textFailed;
      event.submitter?.removeAttribute("aria-busy");
      asking = false;
    }
  });
}
