/**
 * A block that RFC 5737 keeps for documentation: no connection comes from there. The rule that keeps a target group on its
 * load balancer, and leads no request, is for it.
 */
export const nobodysNetwork = "192.0.2.0/32";
