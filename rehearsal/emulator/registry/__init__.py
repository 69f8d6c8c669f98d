"""The emulator's ECR as a registry that builders push to and pull from: the OCI distribution API under ``/v2/``."""
