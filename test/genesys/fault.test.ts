/** What is made of an exchange that threw: by its code, never by what it says. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { faultThrown } from "../../src/genesys/fault.ts";

const thrown = (code: string, more: object = {}) =>
  faultThrown(Object.assign(new Error("Rosalindah"), { code, ...more }));

it("what was never sent had no effect", () => {
  for (const fault of [
    thrown("ECONNREFUSED"),
    thrown("ENOTFOUND", { syscall: "getaddrinfo" }),
    thrown("EAI_AGAIN"),
    thrown("UND_ERR_CONNECT_TIMEOUT"),
    thrown("EHOSTUNREACH", { syscall: "connect" }),
  ]) {
    assert.deepEqual([fault.effect, fault.cure], [false, "time"]);
  }
});

it("what may have been sent may have had one", () => {
  for (const code of [
    "ECONNRESET",
    "UND_ERR_SOCKET",
    "UND_ERR_HEADERS_TIMEOUT",
    "EPIPE",
    "HPE_INVALID_CONSTANT",
    "x y",
  ]) {
    const fault = thrown(code);
    assert.deepEqual([fault.effect, fault.cure], [true, "time"]);
    assert.ok(!fault.problem?.includes("x y"));
  }
});

it("a certificate that is not trusted is for a person", () => {
  for (const code of [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ]) {
    assert.deepEqual(thrown(code), { problem: `no reply (${code})`, cure: "person", effect: false });
  }
});

it("anything thrown is told, also what is no error", () => {
  for (const error of [new TypeError("Rosalindah"), "Rosalindah", 7, {}, undefined, null]) {
    assert.match(faultThrown(error).problem ?? "", /^no reply \((?:TypeError|unknown)\)$/);
  }
});
