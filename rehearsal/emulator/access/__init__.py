"""Who makes a request, and whether IAM lets them: for sessions of roles alone, every other key is root."""
