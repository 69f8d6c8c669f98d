import assert from "node:assert/strict";
import { afterPush } from "../../../operations/configStore/push";
import type { ConfigPlace } from "../../../operations/configStore/place";

const place: ConfigPlace = {
  ...{ folder: "/shop", stack: "production", project: "shop", region: "eu-west-1" },
  ...{ bucket: "acme-config", key: "config/shop/production.zip" },
  file: "/shop/Pulumi.production.yaml",
};

describe("what follows a push", () => {
  const after = (takesCommits: boolean) =>
    afterPush({
      ...place,
      pipeline: { name: "shop--production", takesConfig: true, takesCommits },
    });

  it("is pulumi up where releases are promoted into: one that runs is not deployed again", () => {
    const [line, ...more] = after(false);
    assert.match(line, /^What runs gets it by pulumi up --stack production; the next release/);
    assert.deepEqual(more, []);
  });

  it("is a deployment where the commit is built again", () => {
    assert.match(after(true)[0], /gantry deploy --stack production <release>/);
  });

  it("is pulumi up without a pipeline", () => {
    assert.deepEqual(afterPush(place), ["What runs gets it by pulumi up --stack production"]);
  });
});
