"""A question's answers as preferences: which are scored, paired, marked or taken."""
