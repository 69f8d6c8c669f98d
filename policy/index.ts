import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

new PolicyPack("gantry-policy", { policies: policies() });
