import { isLost, type Table } from "../rules";

const toResources =
  "make the resource in resources.ts, and give its outputs to services by { from: name }; data that is in it stays where it is";

/** A CloudFormation template of an addon, and its parameters. */
export const addonTable: Table = {
  "**": isLost("addons are CloudFormation", toResources),
};

/** Patches of the CloudFormation that Copilot makes. */
export const patchTable: Table = {
  "**": isLost(
    "patches change CloudFormation that is no more",
    "use the component with its transform, where config has no key",
  ),
};

export const workspaceTable: Table = {
  application: ({ draft, node, value }) => {
    draft.set(["name"], value, node);
    return { became: "same", to: "name" };
  },
  "**": isLost("not known", "look up what it does"),
};
