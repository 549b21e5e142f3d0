/** Whatever is asked of the endpoints, the run goes on. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { Metrics } from "../../src/observe/metrics.ts";
import { StatusServer } from "../../src/observe/server.ts";

describe("the status server", () => {
  let server: StatusServer;
  before(async () => {
    server = await StatusServer.start({ port: 0, host: "127.0.0.1" }, new Metrics(), {
      state: "planning",
      rows: 0,
      plannedRows: 0,
    });
  });
  after(() => server.close());

  /** What is answered to a request as it stands on the wire. */
  async function raw(request: string): Promise<string> {
    const socket = connect(server.port, "127.0.0.1");
    socket.end(request);
    return await text(socket);
  }

  for (const target of ["//", "//[", "*", "http://", "/%", "/livez?a=//", "/\u00e9"]) {
    it(`outlives GET ${target}`, async () => {
      const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 (?:200|400|404) /);
      const after = await fetch(`http://127.0.0.1:${server.port}/livez`);
      assert.equal(after.status, 200);
    });
  }

  it("is not ready while the run is planned, and not committed", async () => {
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/readyz`)).status, 503);
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/committed`)).status, 503);
  });
});
