// Asks the registry what npm asks first, and for a package that it must not have.
import assert from "node:assert/strict";

const registry = process.env.VERIFY_URL;
assert.equal((await fetch(new URL("/-/ping", registry))).status, 200);
const { status } = await fetch(new URL("/@acme%2fno-such-package", registry));
assert.equal(status, 404);
