import assert from "node:assert/strict";
import fc from "fast-check";
import { lifecyclePolicy } from "../../../components/registry/lifecyclePolicy";
import { layerCachePrefix } from "../../../contract/imageTags";

interface Rule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: "tagged" | "any";
    readonly tagPatternList?: readonly string[];
    readonly countType: "imageCountMoreThan" | "sinceImagePushed";
    readonly countNumber: number;
  };
}

interface Image {
  readonly tags: readonly string[];
  /** Since its first push. */
  readonly ageDays: number;
  /** What an index refers to. */
  readonly refersTo?: Image;
}

/**
 * Which images ECR expires: the first rule that matches an image's tags judges it, and no later one; an image that an
 * index refers to stays until the index is gone.
 */
function expired(policy: string, images: readonly Image[]): Image[] {
  const { rules } = JSON.parse(policy) as { rules: Rule[] };
  const judged = new Set<Image>();
  const marked = rules.flatMap(({ selection }) => {
    const matching = images
      .filter((image) => !judged.has(image) && matches(selection, image))
      .sort((a, b) => a.ageDays - b.ageDays);
    matching.forEach((image) => judged.add(image));
    return selection.countType === "imageCountMoreThan"
      ? matching.slice(selection.countNumber)
      : matching.filter(({ ageDays }) => ageDays > selection.countNumber);
  });
  const kept = images.filter((image) => !marked.includes(image));
  return marked.filter((image) => !kept.some(({ refersTo }) => refersTo === image));
}

function matches(selection: Rule["selection"], image: Image): boolean {
  const patterns = (selection.tagPatternList ?? []).map(
    (pattern) => new RegExp(`^${pattern.replace("*", ".*")}$`),
  );
  return (
    selection.tagStatus === "any" ||
    image.tags.some((tag) => patterns.some((pattern) => pattern.test(tag)))
  );
}

describe("lifecyclePolicy", () => {
  it("never expires what runs or what a rollback could need, however old the image is", () => {
    // The newest first: which of five images was deployed, and how many days after the deployment before.
    const history = fc.array(
      fc.record({
        image: fc.integer({ min: 0, max: 4 }),
        gapDays: fc.integer({ min: 0, max: 400 }),
      }),
      { minLength: 1, maxLength: 80 },
    );
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 20 }), (deployments, keepReleases) => {
        const oldest = deployments.reduce((days, { gapDays }) => days + gapDays, 0);
        const images = [0, 1, 2, 3, 4].map((index): Image => ({
          tags: [`0000000${index}`, `src-${index}`],
          ageDays: oldest + 1,
        }));
        let ageDays = 0;
        const indexes = deployments.map(({ image, gapDays }, index): Image => {
          ageDays += gapDays;
          return { tags: [`production-${100 - index}`], ageDays, refersTo: images[image] };
        });
        const policy = lifecyclePolicy({ environment: "production", keepReleases });
        const gone = expired(policy, [...images, ...indexes]);
        const needed = indexes.slice(0, keepReleases + 1);
        assert.deepEqual(
          needed.filter(({ refersTo }) => refersTo && gone.includes(refersTo)),
          [],
        );
      }),
    );
  });

  it("keeps what runs when deployments fail their verification more often than releases are kept", () => {
    const running: Image = { tags: ["3f9c2a1b"], ageDays: 300 };
    // Each is followed by the rollback to what ran before.
    const indexes = Array.from({ length: 60 }, (_, number): Image => {
      const failed: Image = { tags: [`0000${number}`], ageDays: 60 - number };
      const refersTo = number % 2 === 1 ? running : failed;
      return { tags: [`staging-${number}`], ageDays: 60 - number, refersTo };
    });
    const policy = lifecyclePolicy({ environment: "staging", keepReleases: 1 });
    assert.ok(!expired(policy, [running, ...indexes]).includes(running));
  });

  it("expires what was never deployed after 30 days, and not before", () => {
    const policy = lifecyclePolicy({ environment: "staging", keepReleases: 5 });
    const images = [29, 31].map((ageDays) => ({ tags: ["3f9c2a1b"], ageDays }));
    assert.deepEqual(expired(policy, images), [images[1]]);
  });

  it("keeps the bootstrap image that waits for the first release", () => {
    const policy = lifecyclePolicy({ environment: "staging", keepReleases: 1 });
    assert.deepEqual(expired(policy, [{ tags: ["bootstrap-0a1b2c3d4e5f"], ageDays: 365 }]), []);
  });

  it("keeps the newest three layer caches, and lets none of them push out an image", () => {
    const policy = lifecyclePolicy({ environment: "staging", keepReleases: 1 });
    const caches = [0, 1, 2, 3, 4].map((ageDays): Image => ({
      tags: [`${layerCachePrefix("linux/amd64")}0000000${ageDays}`],
      ageDays,
    }));
    const image: Image = { tags: ["3f9c2a1b"], ageDays: 20 };
    assert.deepEqual(expired(policy, [image, ...caches]), caches.slice(3));
  });

  it("gives its rules the priorities 1 to 4, the one for any tag last, as ECR demands", () => {
    const { rules } = JSON.parse(lifecyclePolicy({ environment: "staging", keepReleases: 5 })) as {
      rules: Rule[];
    };
    assert.deepEqual(
      rules.map(({ rulePriority, selection }) => [rulePriority, selection.tagStatus]),
      [
        [1, "tagged"],
        [2, "tagged"],
        [3, "tagged"],
        [4, "any"],
      ],
    );
  });
});
