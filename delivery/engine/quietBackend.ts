/**
 * Without it each command also lists the stacks of all projects in a bucket, in search of what an earlier layout left, which
 * no role here may; it only warns of these (`New` of pkg/backend/diy/backend.go, Pulumi 3.245).
 */
export const quietBackend = { PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true" } as const;
