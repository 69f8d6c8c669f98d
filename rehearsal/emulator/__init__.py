"""The emulator: moto as the AWS API, with its gaps corrected (see README.md)."""
