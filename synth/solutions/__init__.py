"""Right solutions by difficulty: how many are wanted, which prove little, which questions have none."""
