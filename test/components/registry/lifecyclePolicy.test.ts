import assert from "node:assert/strict";
import fc from "fast-check";
import { lifecyclePolicy } from "../../../components/registry/lifecyclePolicy";

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
  readonly ageDays: number;
}

/** Which images ECR expires: the first rule that matches an image's tags judges it, and no later one. */
function expired(policy: string, images: readonly Image[]): Image[] {
  const { rules } = JSON.parse(policy) as { rules: Rule[] };
  const judged = new Set<Image>();
  return rules.flatMap(({ selection }) => {
    const matching = images
      .filter((image) => !judged.has(image) && matches(selection, image))
      .sort((a, b) => a.ageDays - b.ageDays);
    matching.forEach((image) => judged.add(image));
    return selection.countType === "imageCountMoreThan"
      ? matching.slice(selection.countNumber)
      : matching.filter(({ ageDays }) => ageDays > selection.countNumber);
  });
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
  it("never expires the running image or one of the releases that a rollback could need", () => {
    const history = fc.array(
      fc.record({ deployed: fc.boolean(), gapDays: fc.integer({ min: 0, max: 400 }) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 20 }), (pushes, keepReleases) => {
        let ageDays = 0;
        const images = pushes.map(({ deployed, gapDays }, index): Image => {
          ageDays += gapDays;
          const commit = index.toString(16).padStart(8, "0");
          return { tags: deployed ? [commit, `production-${100 - index}`] : [commit], ageDays };
        });
        const needed = images.filter(({ tags }) => tags.length > 1).slice(0, keepReleases);
        const policy = lifecyclePolicy({ environment: "production", keepReleases });
        const gone = expired(policy, images);
        assert.deepEqual(
          needed.filter((image) => gone.includes(image)),
          [],
        );
      }),
    );
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

  it("gives its rules the priorities 1, 2, 3, the one for any tag last, as ECR demands", () => {
    const { rules } = JSON.parse(lifecyclePolicy({ environment: "staging", keepReleases: 5 })) as {
      rules: Rule[];
    };
    assert.deepEqual(
      rules.map(({ rulePriority, selection }) => [rulePriority, selection.tagStatus]),
      [
        [1, "tagged"],
        [2, "tagged"],
        [3, "any"],
      ],
    );
  });
});
