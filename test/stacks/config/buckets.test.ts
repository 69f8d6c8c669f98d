import assert from "node:assert/strict";
import { checkFaults, parse, section } from "./support";

const used = (service: object, buckets: object = { uploads: {} }) => ({
  services: { web: service },
  buckets,
});

const cors = (rule: object) => ({ uploads: { cors: [rule] } });

describe("buckets in config", () => {
  it("are of a name alone, with every default", () => {
    const { buckets, services } = parse(used({ uses: ["uploads"] }));
    assert.deepEqual(buckets, { uploads: { keepVersionDays: 30, expireDays: {}, cors: [] } });
    assert.deepEqual(services.web.uses, ["uploads"]);
  });

  it("say what expires and who may ask", () => {
    const rule = { origins: ["https://*.example.com"], methods: ["GET", "PUT"] };
    const given = { keepVersionDays: 90, expireDays: { "tmp/": 7 }, cors: [rule] };
    assert.deepEqual(parse(section("buckets")({ uploads: given })).buckets.uploads, {
      ...given,
      cors: [{ ...rule, maxAgeSeconds: 3000 }],
    });
  });

  checkFaults("gantry:buckets", section("buckets"), [
    ["a name is no name", { My_Files: {} }, "My_Files", "call it my-files"],
    [
      "a name is too long",
      { "all-the-uploads-of-customers": {} },
      "all-the-uploads-of-customers",
      "choose a name of at most 20 characters",
    ],
    [
      "a key is misspelt",
      { uploads: { expire: {} } },
      "uploads.expire",
      "did you mean expireDays?",
    ],
    [
      "versions are kept for no day",
      { uploads: { keepVersionDays: 0 } },
      "uploads.keepVersionDays",
      "set keepVersionDays: 1",
    ],
    [
      "what expires has a star",
      { uploads: { expireDays: { "tmp/*": 7 } } },
      'uploads.expireDays["tmp/*"]',
      "write it without *, which would be a character of the key",
    ],
    [
      "an origin has a path",
      cors({ origins: ["https://shop.example.com/"], methods: ["GET"] }),
      "uploads.cors[0].origins[0]",
      "write https://shop.example.com",
    ],
    [
      "a method is none of S3's",
      cors({ origins: ["*"], methods: ["PATCH"] }),
      "uploads.cors[0].methods[0]",
      "choose one of these",
    ],
    [
      "nobody may ask",
      cors({ origins: [], methods: ["GET"] }),
      "uploads.cors[0].origins",
      "name one, or remove the key",
    ],
  ]);

  checkFaults("gantry:services.web", (values) => values, [
    ["a name is misspelt", used({ uses: ["uplods"] }), "uses[0]", "write uploads"],
    [
      "there is nothing of the name",
      { services: { web: { uses: ["uploads"] } } },
      "uses[0]",
      "add uploads below gantry:buckets or gantry:caches or gantry:databases",
    ],
    ["a name stands twice", used({ uses: ["uploads", "uploads"] }), "uses[1]", "remove uploads"],
    [
      "a variable is set by both",
      used(
        { uses: ["order-files"], environment: { ORDER_FILES_BUCKET: "acme" } },
        { "order-files": {} },
      ),
      "environment.ORDER_FILES_BUCKET",
      "remove ORDER_FILES_BUCKET, or order-files from uses",
    ],
  ]);
});
